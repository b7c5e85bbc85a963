/** What can be seen of one workload over the fleet: the federation's word and each member's own. */
import { isByReport } from '../../dsl/askable.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { isDenied } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { Binding, Spread, Workload } from '../ports/federation.ts';
import type { Deployment } from '../ports/member.ts';
import { dropZeros, sameSpread, spreadText, sumOf } from './placement.ts';

export interface View {
  /** `absent`: it was looked for. */
  binding: Binding | 'absent' | undefined;
  members: Record<string, Seen>;
}

interface Seen {
  deployment: Deployment | 'absent' | undefined;
  answers: boolean;
  /** A pull-mode member whose API is out of reach: what the binding reports of it is all there is. */
  byReport: boolean;
}

export const emptyView = ({ members }: Pick<Fleet, 'members'>): View => ({
  binding: undefined,
  members: Object.fromEntries(
    Object.entries(members).map(([name, member]) => [
      name,
      { deployment: undefined, answers: true, byReport: isByReport(member) },
    ]),
  ),
});

const asked = (view: View): [string, Seen][] =>
  Object.entries(view.members).filter(([, { byReport }]) => !byReport);

/** Keeps a view up to date until the signal is aborted. */
export async function watchView(
  context: StepContext,
  workload: Workload,
  view: View,
  changed: (binding?: Binding) => void,
  trouble: (what: string, denial?: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, name } = workload;
  const federation = context.ports.federation().watchBinding(
    workload,
    {
      seen(binding) {
        view.binding = binding ?? 'absent';
        changed(binding);
      },
      trouble,
    },
    signal,
  );
  const members = asked(view).map(([member, state]) =>
    context.ports.member(member).watchDeployment(
      namespace,
      name,
      {
        seen(deployment) {
          state.deployment = deployment ?? 'absent';
          state.answers = true;
          changed();
        },
        trouble(what, denial) {
          state.answers = false;
          trouble(what, denial);
        },
      },
      signal,
    ),
  );
  await Promise.all([federation, ...members]);
}

/** Everything once, by fresh reads; a member that does not answer is noted, one that may not be read is thrown. */
export async function readView(context: StepContext, workload: Workload, signal: AbortSignal): Promise<View> {
  const view = emptyView(context.fleet);
  const reads = asked(view).map(async ([member, state]) => {
    try {
      const found = await context.ports.member(member).deployment(workload.namespace, workload.name, signal);
      state.deployment = found ?? 'absent';
    } catch (error) {
      signal.throwIfAborted();
      if (isDenied(error)) throw error;
      state.answers = false;
    }
  });
  const [binding] = await Promise.all([context.ports.federation().binding(workload, signal), ...reads]);
  view.binding = binding ?? 'absent';
  return view;
}

/**
 * Ready pods per member, by the member's own word, or by report where that cannot be had; its last word when it
 * does not answer, none when it never did.
 */
export function readyBy(view: View): Spread {
  return Object.fromEntries(
    Object.entries(view.members).flatMap(([name, { deployment, byReport }]) => {
      if (byReport) return reportedReady(view.binding, name);
      return deployment === undefined ? [] : [[name, deployment === 'absent' ? 0 : deployment.ready]];
    }),
  );
}

function reportedReady(binding: View['binding'], name: string): [string, number][] {
  if (binding === undefined) return [];
  const report = binding === 'absent' ? undefined : binding.reports.find((one) => one.cluster === name);
  return [[name, report?.ready ?? 0]];
}

/**
 * Why the spread does not hold yet; undefined when it does. All of: seen by the scheduler, as wanted, the sum
 * right (for 60 ms after a taint it is short), nothing being evicted, every report good (for 150 ms all reports
 * are good and no member has changed), and the members agree.
 * @param unheard a member whose own word does not count: it is being left, or its API is down.
 */
export function obstacle(
  view: View,
  wanted: Spread,
  members: string[],
  unheard?: string,
): string | undefined {
  const { binding } = view;
  if (binding === undefined) return 'the federation has not answered yet';
  if (binding === 'absent') return 'there is no ResourceBinding for it';
  if (!sameSpread(binding.spread, wanted))
    return `Karmada has ${spreadText(binding.spread, members)}${binding.scheduled ? '' : ` and cannot schedule: ${binding.why.replace(/\.$/, '')}`}`;
  if (!binding.observed) return 'the scheduler has not seen the last change';
  if (sumOf(binding.spread) !== binding.replicas)
    return `Karmada has placed ${sumOf(binding.spread)} of ${binding.replicas} replicas`;
  if (binding.evictions.length > 0)
    return `an eviction from ${binding.evictions.map((one) => one.from).join(', ')} is under way`;
  const wantedHere = dropZeros(wanted);
  return reportObstacle(binding, wantedHere, unheard) ?? memberObstacle(view, wantedHere, unheard);
}

function reportObstacle(binding: Binding, wanted: Spread, unheard: string | undefined): string | undefined {
  const reports = new Map(binding.reports.map((one) => [one.cluster, one]));
  for (const [cluster, replicas] of Object.entries(wanted)) {
    if (cluster === unheard) continue;
    const report = reports.get(cluster);
    if (!report) return `no report from ${cluster} yet`;
    if (!report.applied) return `not applied on ${cluster}: ${report.message}`;
    if (report.replicas !== replicas || report.ready !== replicas)
      return `${cluster} reports ${report.ready} of ${report.replicas} ready, wanted ${replicas}`;
  }
  return undefined;
}

function memberObstacle(view: View, wanted: Spread, unheard: string | undefined): string | undefined {
  for (const [name, { deployment, answers }] of asked(view)) {
    if (name === unheard) continue;
    const replicas = wanted[name] ?? 0;
    if (!answers && replicas > 0) return `${name} does not answer`;
    if (!answers) continue;
    if (deployment === undefined) return `${name} has not answered yet`;
    const has = deployment === 'absent' ? { replicas: 0, ready: 0, observed: true } : deployment;
    if (has.replicas !== replicas || has.ready !== replicas || !has.observed)
      return `${name} has ${has.ready} of ${has.replicas} ready, wanted ${replicas}`;
  }
  return undefined;
}
