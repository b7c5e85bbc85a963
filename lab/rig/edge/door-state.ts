/** What a door lets pass. */
/**
 * - `open`: bytes pass.
 * - `slow`: what the server sends arrives `delayMs` later.
 * - `silent`: connections are made, and nothing ever passes, as with a server that hangs.
 * - `cut`: nobody can connect and nothing passes, as with a cable that is out: no refusal either.
 * - `reset`: requests reach the server, and the connection is reset instead of its answer.
 * - `shut`: connections are refused, and those that are there end.
 */
export type DoorState =
  | { kind: 'open' | 'silent' | 'cut' | 'reset' | 'shut' }
  | { kind: 'slow'; delayMs: number };
