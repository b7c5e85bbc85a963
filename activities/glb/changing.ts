/** Acting on the balancing and putting it back: only what we wrote, only where it still is what we wrote. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import type { Acted, Difference, StepContext, Undone } from '../kind.ts';
import type { Backend, Balancing } from '../ports/load-balancer.ts';

/** JSON of a Balancing, as it goes into history. */
export type Snapshot = Json;

/** An attempt hands over after this long, well inside its 30 s. */
const ATTEMPT_MS = 20_000;

/** A change under way, between attempts. */
const progressed = z.object({ operation: z.string(), changed: z.boolean() });
type Progress = z.infer<typeof progressed>;

export const toSnapshot = (balancing: Balancing): Snapshot => balancing as unknown as Json;
export const fromSnapshot = (snapshot: Snapshot): Balancing => snapshot as unknown as Balancing;

/** Brings the balancer to `wanted`; resumes what an earlier attempt began. */
export async function bring(
  wanted: Balancing,
  context: StepContext,
  progress: Json | undefined,
): Promise<{ done: true; changed: boolean } | { done: false; progress: Progress }> {
  const earlier = progressed.safeParse(context.previous ?? progress).data;
  const handover = AbortSignal.timeout(ATTEMPT_MS);
  let operation = earlier?.operation ?? '';
  let changed = earlier?.changed ?? false;
  context.signal.throwIfAborted();
  try {
    const done = await context.ports.loadBalancer().ensure(wanted, {
      signal: AbortSignal.any([context.signal, handover]),
      ...(operation !== '' && { operation }),
      onOperation(state) {
        operation = state;
        changed = true;
        context.heartbeat({ operation, changed });
      },
    });
    return { done: true, changed: changed || done.changed };
  } catch (error) {
    if (handover.aborted && !context.signal.aborted) return { done: false, progress: { operation, changed } };
    throw error;
  }
}

export async function actOn<O>(
  wanted: Balancing,
  context: StepContext,
  progress: Json | undefined,
  output: (changed: boolean) => O,
): Promise<Acted<O>> {
  const brought = await bring(wanted, context, progress);
  return brought.done ? { done: true, output: output(brought.changed) } : brought;
}

const fields = ['address', 'hostHeader', 'enabled', 'weight', 'priority'] as const;

/**
 * What to put back: every field that still holds what we wrote goes back to the snapshot; one that somebody
 * changed since stays, and is reported. A backend that we made goes; one that somebody took away stays away.
 */
export function restoring(before: Balancing, written: Balancing, now: Balancing) {
  const left: Difference[] = [];
  const backends = now.backends.flatMap((current): Backend[] => {
    const old = before.backends.find((it) => it.name === current.name);
    const ours = written.backends.find((it) => it.name === current.name);
    if (!ours) return [current];
    if (!old) return [];
    const back = { ...current };
    for (const field of fields)
      if (current[field] === ours[field]) Object.assign(back, { [field]: old[field] });
      else if (current[field] !== old[field])
        left.push(difference(`backend ${current.name} ${field}`, old[field], current[field]));
    return [back];
  });
  for (const old of before.backends)
    if (!now.backends.some((it) => it.name === old.name))
      left.push(difference(`backend ${old.name}`, toJson(old), null));
  const settings = restoreSettings(before, written, now, left);
  return { wanted: { backends, ...settings }, left };
}

function restoreSettings(before: Balancing, written: Balancing, now: Balancing, left: Difference[]) {
  const pick = <T extends string | number>(what: string, old: T, ours: T, current: T): T => {
    if (current === ours) return old;
    if (current !== old) left.push(difference(what, old, current));
    return current;
  };
  const probe = { ...now.probe };
  for (const field of ['path', 'intervalMs', 'samples', 'successful'] as const)
    Object.assign(probe, {
      [field]: pick(`probe ${field}`, before.probe[field], written.probe[field], now.probe[field]),
    });
  const latencyBandMs = pick('latency band', before.latencyBandMs, written.latencyBandMs, now.latencyBandMs);
  return { probe, latencyBandMs };
}

const toJson = (backend: Backend): Json => backend as unknown as Json;

function difference(what: string, before: Json, now: Json): Difference {
  return {
    what: `load balancer ${what}`,
    before,
    now,
    reason: 'somebody else changed it during the run',
    remedy: 'Set it by hand if the present value is not what you want',
  };
}

export async function undoTo(
  before: Balancing,
  written: Balancing,
  context: StepContext,
  progress: Json | undefined,
): Promise<Undone> {
  const now = await context.ports.loadBalancer().describe(context.signal);
  const { wanted, left } = restoring(before, written, now);
  const brought = await bring(wanted, context, progress);
  if (!brought.done) return { done: false, progress: brought.progress };
  return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
}

/** What differs now from the snapshot. */
export function differences(before: Balancing, now: Balancing): Difference[] {
  const backends = new Set([...before.backends, ...now.backends].map(({ name }) => name));
  const pairs: [what: string, old: Json, current: Json][] = [
    ...[...backends].map((name): [string, Json, Json] => [
      `backend ${name}`,
      named(before, name),
      named(now, name),
    ]),
    ['probe', { ...before.probe }, { ...now.probe }],
    ['latency band', before.latencyBandMs, now.latencyBandMs],
  ];
  return pairs
    .filter(([, old, current]) => !isDeepStrictEqual(old, current))
    .map(([what, old, current]) => ({
      ...difference(what, old, current),
      reason: 'it is not as it was before the run',
    }));
}

function named({ backends }: Balancing, name: string): Json {
  const found = backends.find((backend) => backend.name === name);
  return found ? toJson(found) : null;
}
