/** Ctrl-C, counted. */

/** npm and npx pass the terminal's SIGINT on to a child that has had it already: together they are one. */
const TOGETHER_MS = 300;

/** Calls `pressed` with 1, 2, ... for each press. Returns how to stop. */
export function onInterrupt(pressed: (count: number) => void): () => void {
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  const handle = () => {
    const nowMs = performance.now();
    if (nowMs - lastMs < TOGETHER_MS) return;
    lastMs = nowMs;
    count += 1;
    pressed(count);
  };
  process.on('SIGINT', handle);
  return () => void process.off('SIGINT', handle);
}
