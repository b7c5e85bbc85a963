import { describe, expect, test } from '@jest/globals';
import type { Shot } from '../../activities/ports/load.ts';
import { type Flight, type Outcome, openLoop } from '../../activities/traffic/open-loop.ts';
import { dueMs, firstIndex } from '../../activities/traffic/schedule.ts';

const answered: Shot = { class: 'ok', status: 200, routed: 'aks1', served: 'aks1', pod: 'p', bytes: 0 };
const rate = { count: 200, periodMs: 1_000 };

async function fly(
  options: Pick<Flight, 'inFlight' | 'send'>,
  onOutcome: (all: Outcome[]) => void = () => {},
) {
  const fromMs = Date.now() + 5;
  const offset = Date.now() - performance.now();
  const outcomes: Outcome[] = [];
  const from = firstIndex(rate, fromMs);
  await openLoop({
    rate,
    from,
    until: from + 100,
    clock: () => offset + performance.now(),
    onOutcome(outcome) {
      outcomes.push(outcome);
      onOutcome(outcomes);
    },
    signal: new AbortController().signal,
    ...options,
  });
  return { outcomes, from };
}

describe('the open loop', () => {
  test('sends on while nothing comes back, and counts what it cannot send as dropped', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { outcomes } = await fly({ inFlight: 40, send: () => gate.then(() => answered) }, (all) => {
      if (all.length === 60) release();
    });
    const dropped = outcomes.filter(({ shot }) => shot.class === 'dropped');
    expect(outcomes).toHaveLength(100);
    expect(dropped).toHaveLength(60);
    expect(dropped.every(({ shot }) => shot.status === undefined)).toBe(true);
  });

  test('after the process stood still, all that was due is sent and its delay told', async () => {
    let stood = false;
    const { outcomes, from } = await fly({
      inFlight: 1_000,
      send: async (n) => {
        if (n === from20(n) && !stood) {
          stood = true;
          const end = Date.now() + 200;
          while (Date.now() < end);
        }
        return answered;
      },
    });
    expect(outcomes.map(({ n }) => n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => from + i),
    );
    expect(Math.max(...outcomes.map(({ lagMs }) => lagMs))).toBeGreaterThan(150);
    for (const { latencyMs, lagMs } of outcomes) expect(latencyMs).toBeGreaterThanOrEqual(lagMs);
  });

  test('no request leaves before it is due', async () => {
    const early: number[] = [];
    const { from } = await fly({
      inFlight: 1_000,
      send: async (n) => {
        if (Date.now() + 1 < dueMs(rate, n)) early.push(n - from);
        return answered;
      },
    });
    expect(early).toEqual([]);
  });
});

/** Any request will do to stand still in; every twentieth comes soon enough. */
const from20 = (n: number) => (n % 20 === 0 ? n : -1);
