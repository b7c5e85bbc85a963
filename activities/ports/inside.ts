/** A client inside a member: what a name leads to from there, and who answers. */
import type { Marker } from './member.ts';

export interface Question {
  /** Asked as it stands, without search domains. */
  name: string;
  port: number;
  path: string;
  requests: number;
  /** For a look-up, and for a request from connection to the last byte. */
  timeoutMs: number;
}

/** One look-up and the request that followed it, on a connection of its own to the first address. */
export interface Visit {
  /** In the order of the answer; empty when there was none. */
  addresses: string[];
  /** Of the look-up or of the request, in the words of the client, e.g. `ENOTFOUND`. */
  error?: string;
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** By the fleet's `identity` rules; '' when it cannot be told. */
  served: string;
  pod: string;
}

export interface Inside {
  /** How it looks from inside, in words. */
  readonly by: string;
  /**
   * One visit after the other. Throws `unjudged` when nothing could be asked at all (the Job did not run), never for
   * what the network did.
   * @param marker the owner of what has to be made for it in `namespace`; nothing of it is left
   */
  visit(question: Question, at: { namespace: string; marker: Marker }, signal: AbortSignal): Promise<Visit[]>;
}
