/** Time as the lab sees it, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `handler` once after `ms`; returns how to call it off. */
  after(ms: number, handler: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, handler) {
    const timer = setTimeout(handler, ms);
    return () => clearTimeout(timer);
  },
};

/** As Kubernetes writes times: whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
