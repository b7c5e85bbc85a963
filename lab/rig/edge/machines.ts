/** What the faults do to the rig's processes; `lab/rig/supervise.ts` gives it. Names as `aks1/kube-apiserver`. */
export interface Machines {
  list(): { name: string }[];
  /** Kills it and keeps it down. */
  hold(name: string): Promise<void>;
  /** Starts again what is held, thaws what is frozen; resolves when it is ready. */
  release(name: string): Promise<void>;
  /** It keeps its connections and does nothing. */
  freeze(name: string): void;
}
