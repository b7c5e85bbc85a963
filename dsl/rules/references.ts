/** An expression may read only steps that must have completed when it is evaluated. */
import { type Compilation, type ExpressionSite, report } from '../compilation.ts';
import type { References } from '../expression.ts';
import type { Frame } from '../frame.ts';
import { nearest } from '../nearest.ts';

export function checkReferences(
  compilation: Compilation,
  site: ExpressionSite,
  references: References,
  frame: Frame,
): void {
  if (site.reads === 'known') return;
  for (const { id, offset } of references.steps) {
    if (frame.completed.has(id)) continue;
    const known = site.unit.ids.has(id);
    report(
      compilation,
      site.unit,
      site.path,
      known ? tooEarly(id, frame) : unknown(id, [...site.unit.ids.keys()]),
      { index: site.index + offset },
    );
  }
}

function unknown(id: string, ids: string[]) {
  return {
    code: 'FD1203',
    what: `there is no step '${id}'`,
    found: `steps.${id}`,
    expected: ids.length === 0 ? 'a step with an id' : `one of ${ids.join(', ')}`,
    nearest: nearest(id, ids),
    remedy: 'Give the step that id, or correct the name',
  };
}

function tooEarly(id: string, frame: Frame) {
  const stream = frame.streams.has(id);
  return {
    code: 'FD1204',
    what: stream
      ? `'${id}' runs in the background and has no output yet`
      : `'${id}' need not have completed here`,
    found: `steps.${id}`,
    expected:
      frame.completed.size === 0
        ? 'no step has completed yet'
        : `one of ${[...frame.completed.keys()].join(', ')}`,
    remedy: stream
      ? `Look at what it saw: window('${id}', '10s')`
      : 'Refer to steps before this one: not to later ones, not to branches beside it, not to blocks, and in `recover` to none after the fault',
  };
}
