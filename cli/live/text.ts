/** Text measured as a terminal shows it. */

/** Scripts whose characters take two columns, and emoji that do. */
const wide =
  /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;
const zero = /\p{Mark}|\u200b|\u200c|\u200d|\ufe0f/u;

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** Exactly `columns` wide: cut with an ellipsis or padded. */
export function fit(text: string, columns: number): string {
  const width = columnsOf(text);
  if (width <= columns) return text + ' '.repeat(columns - width);
  let kept = '';
  let used = 0;
  for (const character of text) {
    const next = columnsOf(character);
    if (used + next > columns - 1) break;
    kept += character;
    used += next;
  }
  return `${kept}…${' '.repeat(Math.max(0, columns - used - 1))}`;
}

/** Titles and errors come from files and servers: nothing in them may steer the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Control}/gu, '');
}

/** `4.2s`, `1m05s`: what a person reads at a glance. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

/** A bar of `columns`, in eighths of a column. */
export function bar(value: number, most: number, columns: number): string {
  const eighths = most <= 0 ? 0 : Math.round((Math.min(value, most) / most) * columns * 8);
  const partial = eighths % 8 === 0 ? '' : ' ▏▎▍▌▋▊▉'[eighths % 8]!;
  return fit('█'.repeat(Math.floor(eighths / 8)) + partial, columns);
}
