/**
 * When requests are meant to leave. Request n of a rate is due at n × interval from the Unix epoch, so that a
 * slice needs nothing but its own bounds: slices that meet at a millisecond share no request and lose none.
 * Whole numbers throughout; a product with the epoch in milliseconds would pass 2^53 at 5,000 a second.
 */

/** `count` requests in `periodMs`, evenly spaced. */
export interface Rate {
  count: number;
  periodMs: number;
}

export const RATE = /^(\d{1,9})\/(s|m)$/;

/** `50/s` or `30/m`; the text has passed RATE. */
export function parseRate(text: string): Rate {
  const [, count, unit] = RATE.exec(text) ?? [];
  return { count: Number(count), periodMs: unit === 'm' ? 60_000 : 1_000 };
}

export const perSecond = (rate: Rate): number => (rate.count * 1000) / rate.periodMs;

/** The first request due at `ms` (a whole millisecond) or later. */
export function firstIndex(rate: Rate, ms: number): number {
  const periods = Math.floor(ms / rate.periodMs);
  const rest = ms - periods * rate.periodMs;
  return periods * rate.count + Math.ceil((rest * rate.count) / rate.periodMs);
}

/** When request n is due, epoch ms with a fraction. */
export function dueMs(rate: Rate, n: number): number {
  const inPeriod = n % rate.count;
  return ((n - inPeriod) / rate.count) * rate.periodMs + (inPeriod * rate.periodMs) / rate.count;
}

/** The epoch second in which request n is due; exact, where rounding `dueMs` could reach the next one. */
export function dueSecond(rate: Rate, n: number): number {
  const inPeriod = n % rate.count;
  const ms =
    ((n - inPeriod) / rate.count) * rate.periodMs + Math.floor((inPeriod * rate.periodMs) / rate.count);
  return Math.floor(ms / 1000);
}

/**
 * Whether request n opens a connection of its own, so that in the long run `share` of them do. Steps of the
 * golden ratio are spread evenly and keep out of step with any round-robin.
 */
export function isFresh(share: number, n: number): boolean {
  return ((n % 1_000_000) * 0.6180339887498949) % 1 < share;
}
