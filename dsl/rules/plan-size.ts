/** The whole Plan is the argument of the workflow: it must fit comfortably into one payload. */
import { canonicalJson } from '../canonical.ts';
import { type Compilation, report } from '../compilation.ts';
import type { Plan } from '../plan.ts';
import { stepsOf } from '../steps.ts';

const MAX_BYTES = 512 * 1024;

export function checkPlanSize(compilation: Compilation, plan: Plan): void {
  const bytes = Buffer.byteLength(canonicalJson(plan));
  if (bytes <= MAX_BYTES) return;
  const steps = stepsOf(compilation)
    .map(({ step }) => ({ step, bytes: Buffer.byteLength(JSON.stringify(step.with)) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3);
  const origin = steps[0] && compilation.origins.get(steps[0].step);
  report(compilation, origin?.unit ?? compilation.main, origin?.path ?? [], {
    code: 'FD1802',
    what: 'the Plan is too large',
    found: `${bytes} bytes; most by ${steps.map((one) => `${one.step.path} (${one.bytes})`).join(', ')}`,
    expected: `at most ${MAX_BYTES} bytes`,
    remedy: 'Apply fewer or smaller manifests, or split the drill',
  });
}
