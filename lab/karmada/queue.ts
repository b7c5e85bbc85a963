/** Work queues as Karmada's controllers have them: a key is worked once however often it was added. */
import { isFrozen, reachability } from '../faults.ts';
import { StatusError } from '../kubernetes/status-error.ts';
import { FEDERATION } from '../world.ts';
import { type Context, Retry } from './context.ts';

export interface Queue {
  /** Works the key after `ms` (default: the controller's latency), or earlier when it is due earlier already. */
  add(key: string, ms?: number): void;
  stop(): void;
}

/**
 * @param controller its name; the fault `frozen-controller` on the federation stops it
 * @param reconcile may answer in how many milliseconds to come back
 * @param settles every change starts the latency anew: only what a series of changes ends in is worked
 */
export function createQueue(
  context: Context,
  controller: string,
  latencyMs: number,
  reconcile: (key: string) => number | undefined,
  settles = false,
): Queue {
  const { clock, timings, world } = context;
  const due = new Map<string, { at: number; cancel: () => void }>();
  const failures = new Map<string, number>();

  function add(key: string, ms?: number): void {
    const wait = ms ?? latencyMs;
    const at = clock.now() + wait;
    const waiting = due.get(key);
    if (waiting && waiting.at <= at && !(settles && ms === undefined)) return;
    waiting?.cancel();
    due.set(key, { at, cancel: clock.after(wait, () => work(key)) });
  }

  function work(key: string): void {
    due.delete(key);
    if (isFrozen(world.faults, FEDERATION, controller)) {
      add(key, timings.watchResumeMs);
      return;
    }
    // What cannot be read or written is tried again later and later, so that it heals long after the server is back.
    if (!hasApiServer(context)) {
      retry(key);
      return;
    }
    try {
      const again = reconcile(key);
      failures.delete(key);
      if (again !== undefined && Number.isFinite(again)) add(key, Math.max(1, again));
    } catch (error) {
      if (!(error instanceof Retry || error instanceof StatusError))
        context.report(error, `${controller} ${key}`);
      retry(key);
    }
  }

  function retry(key: string): void {
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    add(key, Math.min(timings.retryMaxMs, timings.retryBaseMs * 2 ** before));
  }

  return {
    add,
    stop() {
      for (const { cancel } of due.values()) cancel();
      due.clear();
    },
  };
}

/**
 * Without its API server Karmada neither sees nor does anything. Only one that is gone: the other faults of the API
 * are in the way to it, and Karmada's controllers are on this side of that.
 */
export function hasApiServer({ world }: Context): boolean {
  return reachability(world.faults, FEDERATION) !== 'refuses';
}

export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  return keyFor(object.metadata.namespace, object.metadata.name);
}

export function keyFor(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

export function splitKey(key: string): [namespace: string | undefined, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash) || undefined, key.slice(slash + 1)];
}
