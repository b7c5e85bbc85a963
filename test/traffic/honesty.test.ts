import { describe, expect, test } from '@jest/globals';
import { EVENT_LOOP_LAG_LIMIT_MS, honestyOf, SEND_LAG_P99_LIMIT_MS } from '../../dsl/honesty.ts';
import type { SliceResult } from '../../dsl/window.ts';

const slice = (given: Partial<SliceResult>): SliceResult => ({
  fromMs: 1_790_000_000_000,
  untilMs: 1_790_000_005_000,
  intended: 1_000,
  seconds: [{ at: 1_790_000_000, rows: [{ routed: 'aks1', served: 'aks1', class: 'ok', count: 1_000 }] }],
  latency: '',
  p50Ms: 1,
  p99Ms: 2,
  maxMs: 3,
  bytes: 0,
  unknown: [],
  sendLagP99Ms: 2,
  sendLagMaxMs: 5,
  eventLoopLagMaxMs: 8,
  pods: {},
  lastRoutedMs: {},
  ...given,
});
const dropped = (count: number): Partial<SliceResult> => ({
  seconds: [
    {
      at: 1_790_000_000,
      rows: [
        { routed: '', served: '', class: 'dropped', count },
        { routed: 'aks1', served: 'aks1', class: 'ok', count: 1_000 - count },
      ],
    },
  ],
});

describe('whether the generator can be believed', () => {
  test('up to the limits it can', () => {
    const atLimit = {
      sendLagP99Ms: SEND_LAG_P99_LIMIT_MS,
      eventLoopLagMaxMs: EVENT_LOOP_LAG_LIMIT_MS,
      ...dropped(1),
    };
    expect(honestyOf([])).toEqual({ honest: true, why: [] });
    expect(honestyOf([slice({}), slice(atLimit)])).toEqual({ honest: true, why: [] });
  });

  test.each([
    [
      'sends late',
      { sendLagP99Ms: SEND_LAG_P99_LIMIT_MS + 1 },
      /left late by \(p99\) 101 ms .* 1 of 2 slices/,
    ],
    ['stands still', { eventLoopLagMaxMs: 1_500 }, /stood still for 1500 ms/],
    ['does not send', dropped(3), /3 of 2000 requests were never sent/],
  ])('not when it %s', (_, given, why) => {
    const judged = honestyOf([slice({}), slice(given)]);
    expect(judged.honest).toBe(false);
    expect(judged.why).toEqual([expect.stringMatching(why)]);
  });
});
