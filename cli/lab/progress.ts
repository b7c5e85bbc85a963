/** How far a long piece of work is: a line that ticks on a terminal, two plain lines elsewhere. */
import type { Console } from '../console.ts';

const TICK_MS = 1000;

/** Runs `work` under a title. What it tells, and in the end its last word, stands behind the seconds. */
export async function shown<T>(
  out: Console,
  title: string,
  work: (tell: (text: string) => void) => Promise<T>,
  word: (result: T) => string,
): Promise<{ result: T; seconds: number }> {
  const begunMs = performance.now();
  const seconds = () => Math.round((performance.now() - begunMs) / 1000);
  const line = (end: string) => `${title.padEnd(44)} ${String(seconds()).padStart(4)} s  ${end}`.trimEnd();
  let told = '';
  const tick = () => out.write(`\r${line(told).slice(0, out.columns - 1)}\x1b[K`);
  if (!out.tty) out.say(`${title} ...`);
  const timer = out.tty ? setInterval(tick, TICK_MS) : undefined;
  try {
    const result = await work((text) => {
      told = text;
    });
    if (out.tty) out.write('\r\x1b[K');
    out.say(line(word(result)));
    return { result, seconds: seconds() };
  } finally {
    clearInterval(timer);
  }
}
