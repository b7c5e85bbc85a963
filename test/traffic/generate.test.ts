import { afterEach, describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import hdr from 'hdr-histogram-js';
import type { SliceKind } from '../../activities/kind.ts';
import { generate } from '../../activities/traffic/generate.ts';
import type { LoadInput } from '../../activities/traffic/input.ts';
import { firstIndex, parseRate } from '../../activities/traffic/schedule.ts';
import type { Summary } from '../../activities/traffic/summary-shape.ts';
import type { Json } from '../../dsl/plan.ts';
import { windowOf } from '../../dsl/window.ts';
import { classesOf, contextOn, fleetAt, mark, type Site, serve, unknownOf } from './world.ts';

const kind = generate as unknown as SliceKind<LoadInput, Summary>;
const input = (given: object) => generate.input.parse(given) as LoadInput;
const members = ['aks1', 'aks2', 'k3s'];

let site: Site | undefined;
afterEach(async () => site?.close());

/** Answers in turn for each member and keeps a log of its own. */
async function roundRobin(log: number[]) {
  site = await serve((_, response) => {
    mark(response, members[log.length % 3]!).end('hello');
    log.push(Date.now());
  });
  return fleetAt(site.url);
}

describe('a slice', () => {
  test('every due request is counted once, by who routed, who served and what came back', async () => {
    const log: number[] = [];
    const fleet = await roundRobin(log);
    const beats: Json[] = [];
    const fromMs = Date.now() + 300;
    const slice = await kind.slice(
      input({ rate: '100/s' }),
      { fromMs, untilMs: fromMs + 1_500 },
      contextOn(fleet, { beats }),
    );

    expect(slice.intended).toBe(150);
    expect(log).toHaveLength(150);
    expect(slice.unknown).toEqual([]);
    const seen = windowOf(slice.seconds, 0, Number.MAX_SAFE_INTEGER);
    expect(seen).toMatchObject({ requests: 150, ok: 150, failed: 0, unattributed: 0 });
    for (const member of members) expect(seen.routed[member]).toBeCloseTo(1 / 3, 5);
    expect(slice.pods).toEqual({ 'aks1/aks1-pod': 50, 'aks2/aks2-pod': 50, 'k3s/k3s-pod': 50 });
    expect(slice.bytes).toBe(150 * 5);
    expect(hdr.decodeFromCompressedBase64(slice.latency).totalCount).toBe(150);
    expect(Object.keys(slice.lastRoutedMs).sort()).toEqual(members);
    expect(beats.at(-1)).toMatchObject({ fromMs });
    expect(Buffer.byteLength(JSON.stringify(slice))).toBeLessThan(32 * 1024);
  });

  test('neighbours overlap and share nothing: together they send what one would', async () => {
    const log: number[] = [];
    const context = contextOn(await roundRobin(log));
    const fromMs = Date.now() + 300;
    const load = input({ rate: '1001/s' });
    const slices = await Promise.all(
      [0, 1, 2].map((k) =>
        kind.slice(load, { fromMs: fromMs + k * 233, untilMs: fromMs + (k + 1) * 233 }, context),
      ),
    );
    const rate = parseRate('1001/s');
    expect(log).toHaveLength(firstIndex(rate, fromMs + 699) - firstIndex(rate, fromMs));
    expect(slices.reduce((sum, slice) => sum + slice.intended, 0)).toBe(log.length);
    // A millisecond of a late timer would already cost a request here.
    expect(slices.map((slice) => slice.unknown)).toEqual([[], [], []]);
  });

  test('a retried slice sends only what is still to come; the rest is unknown', async () => {
    const log: number[] = [];
    const fleet = await roundRobin(log);
    const fromMs = Date.now() - 700;
    const window = { fromMs, untilMs: fromMs + 1_000 };
    const slice = await kind.slice(
      input({ rate: '100/s' }),
      window,
      contextOn(fleet, { previous: { fromMs, sent: 60 } }),
    );

    const unknown = unknownOf(slice, '100/s');
    expect(slice.unknown[0]!.fromMs).toBe(fromMs);
    expect(unknown).toBeGreaterThanOrEqual(70);
    expect(slice.intended).toBe(100);
    expect(log.length + unknown).toBe(100);
    expect(windowOf(slice.seconds, 0, Number.MAX_SAFE_INTEGER).requests).toBe(log.length);
  });

  test('a slice that is wholly past sends nothing and claims nothing', async () => {
    const log: number[] = [];
    const context = contextOn(await roundRobin(log));
    const fromMs = Date.now() - 5_000;
    const slice = await kind.slice(input({ rate: '100/s' }), { fromMs, untilMs: fromMs + 1_000 }, context);
    expect(slice).toMatchObject({
      intended: 100,
      seconds: [],
      unknown: [{ fromMs, untilMs: fromMs + 1_000 }],
    });
    expect(log).toEqual([]);
  });

  test('an abort stops the sending; what was not sent is unknown', async () => {
    const log: number[] = [];
    const fleet = await roundRobin(log);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new CancelledFailure('CANCELLED')), 500);
    const fromMs = Date.now() + 10;
    const window = { fromMs, untilMs: fromMs + 30_000 };
    const slice = await kind.slice(
      input({ rate: '100/s' }),
      window,
      contextOn(fleet, { signal: abort.signal }),
    );
    expect(slice.unknown.at(-1)!.untilMs).toBe(window.untilMs);
    expect(slice.intended).toBe(3_000);
    expect(unknownOf(slice, '100/s') + log.length).toBe(slice.intended);
  });

  test('a worker that shuts down hands the slice back', async () => {
    const fleet = await roundRobin([]);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new CancelledFailure('WORKER_SHUTDOWN')), 200);
    const fromMs = Date.now() + 10;
    const window = { fromMs, untilMs: fromMs + 30_000 };
    await expect(
      kind.slice(input({ rate: '10/s' }), window, contextOn(fleet, { signal: abort.signal })),
    ).rejects.toThrow('WORKER_SHUTDOWN');
  });

  test('an outage is not hidden: latency counts from when each request was due', async () => {
    const stallsAt = Date.now() + 900;
    const resumesAt = stallsAt + 2_000;
    const truth: number[] = [];
    site = await serve((_, response) => {
      const answer = () => mark(response, 'aks1').end();
      const now = Date.now();
      const stalled = now >= stallsAt && now < resumesAt;
      truth.push(stalled ? resumesAt - now : 0);
      if (stalled) setTimeout(answer, resumesAt - now);
      else answer();
    });
    const fromMs = Date.now() + 300;
    const window = { fromMs, untilMs: fromMs + 3_000 };
    const slice = await kind.slice(
      input({ rate: '100/s', timeout: '4s' }),
      window,
      contextOn(fleetAt(site.url)),
    );

    expect(truth).toHaveLength(300);
    const ordered = truth.sort((a, b) => a - b);
    const trueP99 = ordered[Math.ceil(0.99 * 300) - 1]!;
    const trueP50 = ordered[Math.ceil(0.5 * 300) - 1]!;
    // On top of what the server saw comes what a busy machine took, as the generator itself measured it.
    const own = 100 + slice.sendLagMaxMs + slice.eventLoopLagMaxMs;
    for (const [measured, truth] of [
      [slice.p99Ms, trueP99],
      [slice.p50Ms, trueP50],
    ] as const) {
      expect(measured).toBeGreaterThan(truth - 5);
      expect(measured).toBeLessThan(truth + own);
    }
    expect(classesOf(slice.seconds)).toEqual({ ok: 300 });
  });
});

describe('as a step of its own', () => {
  test('it gives what hey prints, and who answered', async () => {
    const log: number[] = [];
    const context = contextOn(await roundRobin(log));
    const seen = await kind.look(input({ rate: '90/s', duration: '1s' }), context);
    expect(generate.output.parse(seen)).toEqual(seen);
    expect(seen).toMatchObject({
      intended: 90,
      requests: 90,
      ok: 90,
      failed: 0,
      unknown: 0,
      bytesPerRequest: 5,
    });
    expect(seen).toMatchObject({
      statusCodes: { '200': 90 },
      errors: [],
      routed: { aks1: 30, aks2: 30, k3s: 30 },
    });
    expect(seen.histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(90);
    expect(seen.text).toMatch(/Summary:\n {2}Total: +\d+\.\d{4} secs\n {2}Slowest: /);
    expect(seen.text).toContain('Status code distribution:\n  [200]  90 responses');
    expect(seen.text).toContain('Error distribution:\n  [connect failed]  0\n  [timeout]         0');
    expect(seen.text).toMatch(/Served by pod:\n.*30 {2}33\.3 %/);
  });

  test('a retry goes on with the span of the lost attempt', async () => {
    const log: number[] = [];
    const fleet = await roundRobin(log);
    const previous = { fromMs: Date.now() - 500 };
    const seen = await kind.look(input({ rate: '100/s', duration: '1s' }), contextOn(fleet, { previous }));
    expect(seen.intended).toBe(100);
    expect(seen.unknown).toBe(100 - log.length);
    expect(seen.unknown).toBeGreaterThanOrEqual(50);
    expect(seen.text).toContain('an attempt was lost');
  });

  test('without an end, or with one past its timeout, it does not begin', async () => {
    const context = contextOn(await roundRobin([]));
    await expect(kind.look(input({ rate: '1/s' }), context)).rejects.toThrow('would never end');
    await expect(kind.look(input({ rate: '1/s', duration: '10m' }), context)).rejects.toThrow('does not fit');
  });
});
