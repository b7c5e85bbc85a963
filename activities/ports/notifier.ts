/** Tells people outside. Receivers are named in the fleet file; their addresses are secrets. */
export interface Notifier {
  /** Throws `refused` for an unknown receiver or one that says no, `transient` when it cannot be reached. */
  notify(receiver: string, message: string, signal: AbortSignal): Promise<void>;
}
