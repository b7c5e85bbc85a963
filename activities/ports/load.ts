/**
 * Many client requests at once. Keeps no schedule and counts nothing: `traffic/generate` decides when each
 * request leaves and what its outcome means, so that both can be tested without a network.
 */
import type { RequestClass } from '../../dsl/window.ts';
import type { Target } from './requester.ts';

/** What became of one request of a load. */
export interface Shot {
  class: RequestClass;
  /** HTTP status; absent when no complete answer came. */
  status?: number;
  /** The error in the words of the client library, for a person. */
  error?: string;
  /** By the fleet's `identity` rules; '' when it cannot be told. */
  routed: string;
  served: string;
  pod: string;
  /** Of the body, as received. */
  bytes: number;
  /** Look-up and connection set-up, ms; only of a new connection that came about. */
  dialMs?: number;
  /** Request written → headers of the answer, ms. */
  waitMs?: number;
  /** Headers → end of the body, ms. */
  readMs?: number;
}

export interface LoadSession {
  /** Never rejects for what the network did. `fresh`: on a connection of its own, closed afterwards. */
  send(options: { fresh: boolean }): Promise<Shot>;
  /** Ends all connections; to be called when every `send` has settled. */
  close(): Promise<void>;
}

export interface LoadClient {
  /** `timeoutMs`: from send to the last byte of the answer. */
  open(target: Target, options: { timeoutMs: number }): LoadSession;
}
