import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { askableMembers } from '../../dsl/askable.ts';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { defineKind, type StepContext } from '../kind.ts';
import {
  listing,
  namespace,
  reading,
  unknownMembers,
  watching,
  withoutFederation,
  workload,
  workloadOf,
} from '../kubernetes/inputs.ts';
import { type Judgement, waitUntil } from '../kubernetes/waiting.ts';
import type { Binding, Cluster, Spread, Workload } from '../ports/federation.ts';
import { expectation, expectedSpread, victimOf, whyUnmoved } from './expectation.ts';
import { movement, watchMovement } from './movement.ts';
import { sameSpread, spreadText, sumOf } from './placement.ts';
import { emptyView, obstacle, readView, readyBy, type View, watchView } from './view.ts';

const input = z.strictObject({
  workload,
  namespace,
  expect: expectation,
  cluster: z
    .string()
    .optional()
    .meta({ description: 'What `without-victim` leaves out; default: the victim' }),
  unheard: z.string().optional().meta({
    description:
      "A member whose own word is not waited for: its API is down. Karmada's decision still counts",
  }),
  unmoved: duration.optional().meta({ description: 'It must also keep its clusters for this long' }),
});
type Input = z.infer<typeof input>;

const spread = z.record(z.string(), z.number());
const output = z.object({
  spread,
  ready: spread,
  afterMs: z.number(),
  heldAtMs: z.number().meta({
    description: 'Epoch ms when it was seen to hold; reading everything afresh then only confirmed it',
  }),
  leastReady: z.number(),
  byReport: z.array(z.string()).meta({
    description:
      'Members in pull mode: their pods as the federation has heard of them, not by their own word',
  }),
  series: z.array(z.object({ atMs: z.number(), replicas: spread, ready: spread })),
  moved: z.boolean(),
  movedBy: movement,
  troubles: z.array(z.string()),
});

export const awaitSpread = defineKind<Input, z.infer<typeof output>>({
  name: 'karmada/await-spread',
  version: 1,
  summary: 'Wait until a workload has the expected replicas on every member, all ready',
  doc: "Watches the ResourceBinding and the Deployment on every member. A spread holds when the scheduler has seen the binding's last change, the clusters are as wanted and their sum is right, nothing is being evicted, every member's report is applied and ready, **and** the members themselves agree; then binding, policy and members are read afresh before it is believed. `steady` is what the policy's weights give (Webster's method), `without-victim` the same without the cluster that was lost. Returns the ready pods of each member over time, and how and by whom replicas moved.",
  example: { workload: 'deployment/hello', expect: 'without-victim' },
  input,
  output,
  effect: 'reads',
  timeoutMs: 300_000,
  permissions: (given, fleet) => [
    reading('federation', 'work.karmada.io', 'resourcebindings', given.namespace),
    watching('federation', 'work.karmada.io', 'resourcebindings', given.namespace),
    watching('federation', 'cluster.karmada.io', 'clusters'),
    reading('federation', 'policy.karmada.io', 'propagationpolicies', given.namespace),
    reading('federation', 'apps', 'deployments', given.namespace),
    // Who asked for a rebalance, when there was one.
    listing('federation', 'apps.karmada.io', 'workloadrebalancers'),
    ...askableMembers(fleet).flatMap((name) => [
      reading(name, 'apps', 'deployments', given.namespace),
      watching(name, 'apps', 'deployments', given.namespace),
    ]),
  ],
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...unknownMembers({ cluster: given.cluster, unheard: given.unheard }, fleet),
  ],

  async look(given, context) {
    const target = workloadOf(given);
    const members = Object.keys(context.fleet.members);
    const left = given.expect === 'without-victim' ? victimOf(given, context) : undefined;
    const view = emptyView(context.fleet);
    const moves = watchMovement();
    const unmovedMs = given.unmoved === undefined ? 0 : milliseconds(given.unmoved);
    let clusters: Cluster[] | undefined;
    const divide = divideOnChange(given.expect, left);
    let spreadSinceMs = Date.now();
    let leastReady = Number.POSITIVE_INFINITY;
    let lastSpread: Spread = {};
    let heldAtMs = 0;

    const waited = await waitUntil(context, {
      where: `${given.namespace}/${given.workload}`,
      wanted: wantedText(given),
      code: 'FD3301',
      remedy: `Compare kubectl --context federation -n ${given.namespace} get resourcebinding -o yaml with the members`,
      watch: (changed, trouble, signal) =>
        Promise.all([
          context.ports.federation().watchClusters(
            {
              seen(now) {
                clusters = now;
                changed();
              },
              trouble,
            },
            signal,
          ),
          watchView(
            context,
            target,
            view,
            (binding) => {
              if (binding) moves.saw(binding);
              changed();
            },
            trouble,
            signal,
          ),
        ]),
      judge,
      confirm(signal) {
        heldAtMs = Date.now();
        return confirm(context, given, target, left, view.binding, clusters ?? [], signal);
      },
    });
    const { binding } = view;
    const placed = binding === undefined || binding === 'absent' ? {} : binding.spread;
    const movedBy = await moves.conclude(clusters ?? [], left, context);
    return {
      ...waited,
      spread: placed,
      ready: readyBy(view),
      heldAtMs,
      leastReady,
      byReport: members.filter((name) => view.members[name]?.byReport),
      moved: movedBy.how !== 'unmoved',
      movedBy,
    };

    function judge(): Judgement<{ replicas: Spread; ready: Spread }> {
      const { binding: now } = view;
      const ready = readyBy(view);
      const known =
        now !== undefined &&
        Object.values(view.members).every((one) => one.byReport || one.deployment || !one.answers);
      const point = { replicas: now === undefined || now === 'absent' ? {} : now.spread, ready };
      if (known) leastReady = Math.min(leastReady, sumOf(ready));
      if (!sameSpread(point.replicas, lastSpread)) spreadSinceMs = Date.now();
      lastSpread = point.replicas;
      if (now === undefined || now === 'absent' || !clusters)
        return { known, holds: false, waitingFor: 'there is no ResourceBinding for it', point };
      const wanted = divide(now, clusters);
      const missing = obstacle(view, wanted, members, given.unheard) ?? tooYoung(spreadSinceMs, unmovedMs);
      const stuck = missing !== undefined && left !== undefined && (now.spread[left] ?? 0) > 0;
      const why = stuck ? `; ${whyUnmoved(now, clusters, left)}` : '';
      return {
        known,
        holds: missing === undefined,
        waitingFor: `that is ${spreadText(wanted, members)}; ${missing ?? ''}${why}`,
        point,
      };
    }
  },
});

const tooYoung = (sinceMs: number, unmovedMs: number): string | undefined =>
  Date.now() - sinceMs < unmovedMs ? 'it has not kept its clusters for long enough' : undefined;

const wantedText = (given: Input): string =>
  `${given.workload} ${typeof given.expect === 'string' ? given.expect : JSON.stringify(given.expect)}`;

/** Dividing costs Clusters times replicas, and members speak up far more often than these change. */
function divideOnChange(expect: Input['expect'], left: string | undefined) {
  let last: { binding: Binding; clusters: Cluster[]; spread: Spread } | undefined;
  return (binding: Binding, clusters: Cluster[]): Spread => {
    if (last?.binding !== binding || last.clusters !== clusters)
      last = { binding, clusters, spread: expectedSpread(expect, binding, clusters, left) };
    return last.spread;
  };
}

/**
 * By fresh reads, and against the policy and replicas that are written now: the binding may not have them yet.
 * @param seen what the watch has: it says which policy to read, so that all is read at once.
 * @param clusters from the watch: who is a member changes by a person's hand, and of hundreds they are megabytes.
 */
async function confirm(
  context: StepContext,
  given: Input,
  target: Workload,
  left: string | undefined,
  seen: View['binding'],
  clusters: Cluster[],
  signal: AbortSignal,
): Promise<boolean> {
  const federation = context.ports.federation();
  const ref = typeof seen === 'object' ? seen.policy : undefined;
  const [view, replicas, policy] = await Promise.all([
    readView(context, target, signal),
    federation.replicas(target, signal),
    ref && federation.policy(ref, signal),
  ]);
  const { binding } = view;
  if (binding === undefined || binding === 'absent' || binding.replicas !== replicas) return false;
  // Another policy has claimed it since: the watch will tell as well.
  if (!isDeepStrictEqual(binding.policy, ref)) return false;
  const written = policy ? { ...binding, placement: policy.placement } : binding;
  const wanted = expectedSpread(given.expect, written, clusters, left);
  return obstacle(view, wanted, federation.members, given.unheard) === undefined;
}
