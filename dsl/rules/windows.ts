/** `window('id', '10s')`: literals, of a background step that was started, and only where a run waits for them. */
import { type Compilation, type ExpressionSite, report } from '../compilation.ts';
import type { References } from '../expression.ts';
import type { Frame } from '../frame.ts';
import { durationPattern, milliseconds } from '../milliseconds.ts';
import { nearest } from '../nearest.ts';
import type { Complaint } from '../problem.ts';

/** Requests are counted in whole seconds; an hour of them is the most that is kept in view. */
const LONGEST_MS = 3_600_000;

export function checkWindows(
  compilation: Compilation,
  site: ExpressionSite,
  references: References,
  frame: Frame,
): void {
  if (site.reads === 'known') return;
  for (const window of references.windows) {
    const complaint = site.reads === 'step' ? notHere() : complaintOf(window, frame);
    if (complaint !== undefined)
      report(compilation, site.unit, site.path, complaint, { index: site.index + window.offset });
  }
}

function complaintOf({ step, duration }: References['windows'][number], frame: Frame): Complaint | undefined {
  const streams = [...frame.streams];
  const base = { code: 'FD1306', found: `window(${step ?? '…'}, ${duration ?? '…'})` };
  if (step === undefined || duration === undefined)
    return {
      ...base,
      what: 'the arguments of window() must be written out',
      expected: "window('users', '10s')",
      remedy: 'Write the step and the duration as texts: the run must know beforehand what to wait for',
    };
  if (!frame.streams.has(step))
    return {
      ...base,
      what: `'${step}' is not a background step that has been started here`,
      expected:
        streams.length === 0
          ? 'a step with `background: true` before this one'
          : `one of ${streams.join(', ')}`,
      nearest: nearest(step, streams),
      remedy: 'Start traffic before, as `uses: traffic/generate` with an id and `background: true`',
    };
  const ms = durationPattern.test(duration) ? milliseconds(duration) : 0;
  if (ms >= 1_000 && ms <= LONGEST_MS && ms % 1_000 === 0) return undefined;
  return {
    ...base,
    what: 'not a window that can be counted',
    expected: 'whole seconds, 1s to 1h',
    remedy: "Write whole seconds, e.g. '10s'",
  };
}

function notHere(): Complaint {
  return {
    code: 'FD1306',
    what: 'window() can be read only in `if` and `assert`',
    found: 'window(…)',
    expected: 'outputs of steps',
    remedy: 'Only there the run waits until the requests of the window are in; assert on it instead',
  };
}
