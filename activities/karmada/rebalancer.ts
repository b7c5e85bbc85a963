/**
 * A WorkloadRebalancer that works: a new object each time, not in the same second as the last scheduling (Karmada
 * then says Successful and nothing moves, nor later), and judged by the bindings, never by its own status.
 */
import { createHash } from 'node:crypto';
import type { StepContext } from '../kind.ts';
import type { Binding } from '../ports/federation.ts';
import { OUR_REBALANCER } from './movement.ts';

/** Both times have whole seconds, and only a later one counts. */
const NEXT_SECOND_MS = 1_050;

export async function rebalance(bindings: Binding[], context: StepContext): Promise<void> {
  const lastMs = Math.max(0, ...bindings.map((one) => Date.parse(one.lastScheduledTime ?? '') || 0));
  await context.sleep(Math.max(0, lastMs + NEXT_SECOND_MS - Date.now()));
  context.signal.throwIfAborted();
  const who = createHash('sha256').update(`${context.run}/${context.step}`).digest('hex').slice(0, 8);
  const name = `${OUR_REBALANCER}${who}-${Date.now().toString(36)}`;
  const resources = bindings.map((one) => one.resource);
  await context.ports.federation().rebalance(name, resources, context.signal);
}
