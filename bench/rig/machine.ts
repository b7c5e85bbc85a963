/** What the figures were measured on: without it they say nothing. */
import { cpus, loadavg, totalmem } from 'node:os';

/** @param before load average when the measuring began. */
export function machineNote(before: number): string {
  const [model] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus().length} x ${model?.model.trim()}, ${memory} GiB, Node ${process.version}; load average ${before.toFixed(1)} when it began, ${loadavg()[0]!.toFixed(1)} when it ended`;
}
