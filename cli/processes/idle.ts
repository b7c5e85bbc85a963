/** When the local processes are no longer needed. Pure. */

/** Long enough to read the run's page in the Web UI after the verdict, short enough not to stay over night. */
export const LINGER_MS = 15 * 60_000;

export interface Need {
  /** Commands that watch. */
  clients: number;
  openRuns: number;
  schedules: number;
  /** `--keep` was given. */
  kept: boolean;
}

export function isNeeded(need: Need): boolean {
  return need.kept || need.clients > 0 || need.openRuns > 0 || need.schedules > 0;
}

/** At most `limit` restarts in `withinMs`: a process that cannot live is not started for ever. */
export function mayRestart(pastMs: number[], nowMs: number, limit = 5, withinMs = 300_000): boolean {
  return pastMs.filter((at) => at > nowMs - withinMs).length < limit;
}
