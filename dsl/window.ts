/**
 * What clients saw, second by second, and the windows over it that `window('users', '10s')` means in an
 * expression. Used by the running workflow and by the report, so that both count the same.
 */

/** What became of one request. `ok` is a 2xx/3xx answer in time; every other class is a failed request. */
export type RequestClass =
  | 'ok'
  | 'http-4xx'
  | 'http-5xx'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'dns'
  | 'dropped'
  | 'other';

/** Requests of one second of intended send times, counted by who routed, who served and what came back. */
export interface Row {
  /** Cluster whose entry point answered; '' when nobody can be named. */
  routed: string;
  /** Cluster whose pod answered; '' when none did. */
  served: string;
  class: RequestClass;
  count: number;
}

export interface Second {
  /** Epoch seconds. */
  at: number;
  rows: Row[];
}

/** The result of one slice of background traffic: the intended send times [fromMs, untilMs). At most 32 KiB. */
export interface SliceResult {
  fromMs: number;
  untilMs: number;
  intended: number;
  seconds: Second[];
  /** HDR histogram of latency from the intended send time, microseconds, base64 of its compressed form. */
  latency: string;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  bytes: number;
  /** Intended send times lost with an earlier attempt of this slice: counted neither way. */
  unknown: { fromMs: number; untilMs: number }[];
  /** The generator's own honesty. */
  sendLagP99Ms: number;
  sendLagMaxMs: number;
  eventLoopLagMaxMs: number;
  /** Pods seen, `cluster/pod` → requests. */
  pods: Record<string, number>;
  /** Epoch ms of the last answer routed to each cluster in this slice. */
  lastRoutedMs: Record<string, number>;
}

/** What `window()` gives in an expression. Shares are 0..1. */
export interface Window {
  requests: number;
  ok: number;
  failed: number;
  availability: number;
  /** Share of the answered requests by the cluster that routed them. */
  routed: Record<string, number>;
  served: Record<string, number>;
  unattributed: number;
}

/** Sums the seconds with `fromMs <= at*1000 < untilMs`. */
export function windowOf(seconds: Iterable<Second>, fromMs: number, untilMs: number): Window {
  let requests = 0;
  let ok = 0;
  let unattributed = 0;
  const routed: Record<string, number> = {};
  const served: Record<string, number> = {};
  for (const second of seconds) {
    const at = second.at * 1000;
    if (at < fromMs || at >= untilMs) continue;
    for (const row of second.rows) {
      requests += row.count;
      if (row.class === 'ok') ok += row.count;
      if (row.routed === '') unattributed += row.count;
      else routed[row.routed] = (routed[row.routed] ?? 0) + row.count;
      if (row.served !== '') served[row.served] = (served[row.served] ?? 0) + row.count;
    }
  }
  const share = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / requests]));
  return {
    requests,
    ok,
    failed: requests - ok,
    // No request is no evidence; callers refuse windows under their minimum before they read this.
    availability: requests === 0 ? 0 : ok / requests,
    routed: share(routed),
    served: share(served),
    unattributed,
  };
}

/** A slice of background traffic: an assert waits for its slice at most this long, a minute costs 12 activities. */
export const SLICE_MS = 5_000;

/** Fewer requests than this in a window make an assert on it inconclusive. */
export const WINDOW_MINIMUM = 100;
