/** What an entry point got, second by second: health probes and users apart. */
export interface LoggedSecond {
  /** Epoch seconds. */
  at: number;
  probes: number;
  users: number;
}

export interface EntryLog {
  add(nowMs: number, kind: 'probes' | 'users'): void;
  /** Oldest first. */
  read(): LoggedSecond[];
}

/** Half an hour: longer than any drill of the lab. */
const KEPT = 1800;

export function createEntryLog(): EntryLog {
  const seconds: LoggedSecond[] = [];
  return {
    add(nowMs, kind) {
      const at = Math.floor(nowMs / 1000);
      let last = seconds.at(-1);
      if (last?.at !== at) {
        last = { at, probes: 0, users: 0 };
        seconds.push(last);
        if (seconds.length > KEPT) seconds.shift();
      }
      last[kind] += 1;
    },
    read: () => seconds.map((second) => ({ ...second })),
  };
}
