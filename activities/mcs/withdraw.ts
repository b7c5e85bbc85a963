/**
 * Takes a sharing back: exports first and the APIs last, each after what hung on it is seen to be gone. CRDs that go
 * while a ServiceExport is still being withdrawn would leave its slices behind. Idempotent; leaves what is others'.
 */
import type { Json } from '../../dsl/plan.ts';
import { deviated } from '../failure.ts';
import type { Difference, StepContext, Undone } from '../kind.ts';
import { refOf, revertObjects } from '../kubernetes/applying.ts';
import { attemptEnds } from '../kubernetes/attempt.ts';
import type { KubeObject } from '../ports/plane.ts';
import { keptFor, remaining, removeBindings, usersOf } from './apis.ts';
import { leftOn } from './arrival.ts';
import { isOurs, type Part, type Planned } from './plan.ts';
import { waitFor } from './provide.ts';

const SERVICE_MARK = 'multiclusterservice.karmada.io/';

export async function withdraw({ sharing, parts }: Planned, context: StepContext): Promise<Undone> {
  const ends = attemptEnds(context.deadlineMs);
  const { apis, exports, imports } = parts;
  const left = [...(await revert(exports, context))];
  const exported = await waitFor(() => there(exports, context), ends, context);
  if (exported.length > 0) return notYet(exported, context);
  // Nobody else's export can be told from ours by what is left on the members.
  if (isOurs(exports)) {
    const slices = async () =>
      (await leftOn(sharing, context)).filter((one) => one.includes(' EndpointSlice '));
    const copied = await waitFor(slices, ends, context);
    if (copied.length > 0) return notYet(copied, context);
    if (sharing.by === 'multi-cluster-service') await cleanService(sharing, context);
  }
  left.push(...(await revert(imports, context)));
  if (isOurs(exports) && isOurs(imports)) {
    const known = await waitFor(() => leftOn(sharing, context), ends, context);
    if (known.length > 0) return notYet(known, context);
  }
  if (isOurs(apis)) {
    const users = await usersOf(context);
    if (users.length > 0) left.push(...keptFor(users));
    else {
      const waiting = await withdrawApis(apis, sharing.apis, ends, context);
      if (waiting.length > 0) return notYet(waiting, context);
    }
  }
  return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
}

/** The policy, then its bindings, then the CRDs of the members are gone; what is still there otherwise. */
async function withdrawApis(
  apis: Part,
  members: string[],
  ends: () => boolean,
  context: StepContext,
): Promise<string[]> {
  await revert(apis, context);
  const policies = await waitFor(() => there(apis, context), ends, context);
  if (policies.length > 0) return policies;
  await removeBindings(context);
  const crds = async () => (await remaining(members, context)).map((name) => `${name} still has the CRDs`);
  return waitFor(crds, ends, context);
}

/** Karmada takes its labels off the Service again, and leaves its annotations. */
async function cleanService({ namespace, service }: Planned['sharing'], context: StepContext): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace, name: service };
  const found = await context.ports.federation().read(ref, context.signal);
  const marks = Object.keys(found?.metadata.annotations ?? {}).filter((key) => key.startsWith(SERVICE_MARK));
  if (marks.length === 0) return;
  const annotations = Object.fromEntries(marks.map((key) => [key, null]));
  await context.ports.federation().patch(ref, { metadata: { annotations } }, context.signal);
}

async function revert({ objects, before }: Part, context: StepContext): Promise<Difference[]> {
  const undone = await revertObjects(context.ports.federation(), objects, before, context);
  return undone.done && undone.restored === 'partly' ? undone.left : [];
}

/** Those of the part that nobody had before and that are still there: a finalizer may hold them. */
async function there({ objects, before }: Part, context: StepContext): Promise<string[]> {
  const ours = objects.filter((_, index) => before[index]?.before === null);
  const found = ours.map(async (object: KubeObject) => {
    const now = await context.ports.federation().read(refOf(object), context.signal);
    return now ? [`${object.kind} ${object.metadata.name} is still there`] : [];
  });
  return (await Promise.all(found)).flat();
}

function notYet(waiting: string[], context: StepContext): Undone {
  if (Date.now() < context.deadlineMs) return { done: false, progress: { waitingFor: waiting } as Json };
  throw deviated({
    code: 'FD3605',
    where: 'federation',
    what: waiting.join('; '),
    remedy: 'Look at the Works of these members; one that does not answer keeps what it has until it does',
  });
}
