/** Duration texts, without anything that a workflow may not import. */
const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `30s`, `1m30s`, `2h`, `1d`: whole numbers with units. */
export const durationPattern = /^(?:\d{1,9}(?:ms|s|m|h|d))+$/;

/** Milliseconds of a duration text. Throws RangeError on anything else. */
export function milliseconds(text: string): number {
  if (!durationPattern.test(text)) throw new RangeError(`not a duration: '${text}'`);
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g))
    total += Number(count) * units[unit as keyof typeof units];
  return total;
}

/** The shortest usual way to write it: `90s` is `1m30s`, 250 is `250ms`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  let left = Math.round(ms / 1_000);
  let text = '';
  for (const [unit, seconds] of [
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(left / seconds);
    if (count > 0) text += `${count}${unit}`;
    left -= count * seconds;
  }
  return text;
}
