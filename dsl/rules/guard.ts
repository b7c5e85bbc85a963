/** Guards as far as the text tells: who may be hit, how widely, and that what will be hit is known at all. */
import { type Compilation, report, reportNode } from '../compilation.ts';
import type { Blast } from '../kind.ts';
import { nearest } from '../nearest.ts';
import { type KnownStep, runningSteps } from '../steps.ts';

export function checkGuard(compilation: Compilation): void {
  checkAllowList(compilation);
  checkFloor(compilation);
  checkBlackout(compilation);
  for (const known of runningSteps(compilation))
    if (known.kind.effect === 'disrupts') checkBlast(compilation, known);
}

function checkAllowList(compilation: Compilation): void {
  const members = Object.keys(compilation.options.fleet.members);
  compilation.guard.allow?.forEach((name, index) => {
    if (members.includes(name)) return;
    report(compilation, compilation.main, ['guard', 'allow', index], {
      code: 'FD1511',
      what: `the fleet has no member '${name}'`,
      found: name,
      expected: `one of ${members.join(', ')}`,
      nearest: nearest(name, members),
      remedy: 'Correct the name',
    });
  });
}

function checkFloor(compilation: Compilation): void {
  const step = compilation.guard.floor?.step;
  if (step === undefined) return;
  const streams = runningSteps(compilation)
    .filter((known) => known.step.background && known.origin.unit === compilation.main)
    .flatMap((known) => known.step.id ?? []);
  if (streams.includes(step)) return;
  report(compilation, compilation.main, ['guard', 'floor', 'step'], {
    code: 'FD1511',
    what: `'${step}' is no background step`,
    found: step,
    expected:
      streams.length === 0 ? 'a step with `background: true` and an id' : `one of ${streams.join(', ')}`,
    nearest: nearest(step, streams),
    remedy: 'Name the step that generates the traffic',
  });
}

const cronField = /^(?:\*|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*|[A-Za-z]{3}(?:[-,][A-Za-z]{3})*)(?:\/\d+)?$/;

function checkBlackout(compilation: Compilation): void {
  compilation.guard.blackout.forEach(({ cron, timezone }, index) => {
    const path = ['guard', 'blackout', index];
    const fields = cron.trim().split(/\s+/);
    if (fields.length !== 5 || !fields.every((field) => cronField.test(field)))
      report(compilation, compilation.main, [...path, 'cron'], {
        code: 'FD1511',
        what: 'not a cron expression',
        found: cron,
        expected: 'five fields: minute hour day month weekday',
        remedy: "Write e.g. '0 9 * * 1-5'",
      });
    if (!isTimezone(timezone))
      report(compilation, compilation.main, [...path, 'timezone'], {
        code: 'FD1511',
        what: 'not a time zone',
        found: timezone,
        expected: 'a name of the IANA list',
        nearest: nearest(timezone, Intl.supportedValuesOf('timeZone')),
        remedy: 'Write e.g. Asia/Seoul or UTC',
      });
  });
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function checkBlast(compilation: Compilation, { step, kind, origin }: KnownStep): void {
  const { fleet } = compilation.options;
  if (origin.inputs === undefined) {
    if (origin.open !== true) return;
    reportNode(compilation, step, 'with', {
      code: 'FD1512',
      what: 'what a disrupting step will hit must be known before the run begins',
      found: 'an input that only the run knows',
      expected: 'inputs, fleet, or the items of a known list',
      remedy: 'Write it out, or make it an input',
    });
    return;
  }
  for (const input of origin.inputs) {
    const blast = kind.blast?.(input, fleet);
    if (blast !== undefined) checkOne(compilation, step, blast);
  }
}

function checkOne(compilation: Compilation, step: KnownStep['step'], blast: Blast): void {
  const { allow, blast: limits } = compilation.guard;
  for (const cluster of blast.clusters) {
    if (allow === undefined || allow.includes(cluster)) continue;
    reportNode(compilation, step, 'with', {
      code: 'FD1513',
      what: `the guard does not allow to disrupt '${cluster}'`,
      found: `${step.uses} hits ${blast.clusters.join(', ')}`,
      expected: `only ${allow.join(', ')}`,
      remedy: 'Choose another cluster, or add it to `guard.allow`',
    });
  }
  if (limits?.namespaces === undefined || blast.namespaces === 'all') return;
  if (blast.namespaces.length > limits.namespaces)
    reportNode(compilation, step, 'with', {
      code: 'FD1513',
      what: 'the step hits more namespaces than the guard allows',
      found: blast.namespaces.join(', '),
      expected: `at most ${limits.namespaces}`,
      remedy: 'Narrow the step, or raise `guard.blast.namespaces`',
    });
}
