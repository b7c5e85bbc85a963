/** `objective` and `guard`: from the words of the text to the numbers of the Plan. */
import type { Compilation } from './compilation.ts';
import { milliseconds } from './milliseconds.ts';
import type { Guard, Json, Objective } from './plan.ts';
import { guard, objective, shareOf } from './schema.ts';

const SETTLE = '10s';

export function objectiveOf(written: Json | undefined): Objective | undefined {
  const parsed = objective.safeParse(written);
  if (!parsed.success) return undefined;
  const { rto, availability, settle, recover } = parsed.data;
  return {
    ...goals(rto, availability),
    settleMs: milliseconds(settle ?? SETTLE),
    ...(recover !== undefined && { recover: goals(recover.rto, recover.availability) }),
  };
}

function goals(rto: string | undefined, availability: number | string | undefined) {
  return {
    ...(rto !== undefined && { rtoMs: milliseconds(rto) }),
    ...(availability !== undefined && { availability: shareOf(availability) }),
  };
}

/** Without a `guard` nothing is limited here; preflight still warns. */
export function guardOf(written: Json | undefined): Compilation['guard'] {
  const parsed = guard.safeParse(written);
  const none: Guard = { survivorCapacity: false, blackout: [] };
  if (!parsed.success) return none;
  const { allow, blast, blackout = [], floor, 'survivor-capacity': survivorCapacity = false } = parsed.data;
  const limits = Object.entries(blast ?? {}).filter(([, limit]) => limit !== undefined);
  return {
    survivorCapacity,
    ...(allow !== undefined && { allow }),
    ...(limits.length > 0 && { blast: Object.fromEntries(limits) }),
    blackout: blackout.map(({ cron, timezone, for: lasts, reason }) => ({
      cron,
      timezone,
      forMs: milliseconds(lasts),
      reason,
    })),
    ...(floor !== undefined && {
      floor: {
        step: floor.step,
        availability: shareOf(floor.availability),
        windowMs: milliseconds(floor.window),
      },
    }),
  };
}
