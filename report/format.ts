/** Numbers, times and spans for people; the same in the page and in the terminal. */

/** `13.4 s`, `60 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** `92.3 %`; near one, as many digits as it takes not to round a loss away. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value > 99.9 && value < 100 ? 3 : value > 99 && value < 100 ? 2 : 1;
  const text = value.toFixed(digits);
  return `${share < 1 && Number(text) === 100 ? '>99.999' : String(Number(text))} %`;
}

/** `3,250`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 request`, `12 requests`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `03:00:20 UTC`. */
export function clock(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} UTC`;
}

/** `2026-11-23 03:00 UTC`. */
export function day(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `+13.0 s` after the fault, or after the start where there was none. */
export function since(atMs: number, zeroMs: number): string {
  const ms = atMs - zeroMs;
  return ms < 0 ? duration(ms) : `+${duration(ms)}`;
}
