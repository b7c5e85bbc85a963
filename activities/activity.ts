/** Makes the worker's activities from the registry of kinds: one per kind and verb, named `kind.verb`. */
import { Context } from '@temporalio/activity';
import type { Json, Plan, Verb } from '../dsl/plan.ts';
import type { VerbCall, VerbResult } from '../workflows/protocol.ts';
import { type Attempt, attempt } from './attempt.ts';
import { unjudged } from './failure.ts';
import { inputOf } from './input.ts';
import type { ActKind, Kind, LookKind, Probed, SliceKind, StepContext } from './kind.ts';
import type { OpenPorts, Ports } from './ports/ports.ts';
import type { Execution, RunIdentity, Runs } from './ports/runs.ts';
import { withoutSecrets } from './redact.ts';

/** Between two looks of a probe. */
const PROBE_MS = 250;

export interface Wiring {
  kinds: readonly Kind[];
  openPorts: OpenPorts;
  runs: Runs;
  secrets(): Iterable<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: each activity has its own argument; the workflow side is typed
export type Activities = Record<string, (argument: any) => Promise<unknown>>;

export function stepActivities(wiring: Wiring): Activities {
  const ports = portsOnce(wiring.openPorts);
  return Object.fromEntries(
    wiring.kinds.flatMap((kind) =>
      kind.verbs.map((verb) => [
        `${kind.name}.${verb}`,
        (call: VerbCall) => runVerb(wiring, ports, kind, verb, call),
      ]),
    ),
  );
}

/** Connections are kept per Plan: the fleet is part of it. */
export function portsOnce(openPorts: OpenPorts): (plan: Plan) => Ports {
  const opened = new Map<string, Ports>();
  return (plan) => {
    let ports = opened.get(plan.hash);
    if (ports === undefined) {
      ports = openPorts(plan.fleet);
      opened.set(plan.hash, ports);
    }
    return ports;
  };
}

async function runVerb(
  wiring: Wiring,
  ports: (plan: Plan) => Ports,
  kind: Kind,
  verb: Verb,
  call: VerbCall,
): Promise<VerbResult> {
  const deadlineMs = call.budgetMs === undefined ? call.deadlineMs : Date.now() + call.budgetMs;
  const limits = { deadlineMs, attempts: call.attempts, secrets: wiring.secrets };
  return attempt(limits, async (one) => {
    if (verb === 'look' && Date.now() >= deadlineMs) throw tooLate(call.title);
    const identity = await wiring.runs.identify(execution());
    const context = contextOf(identity, ports(identity.plan), { ...call, deadlineMs }, one);
    const said = await perform(kind, verb, inputOf(kind, call.input), call, context);
    const result = withoutSecrets(said, wiring.secrets());
    const faultAtMs = call.fault ? one.faultAtMs() : undefined;
    return { result, mayOverlap: one.mayOverlap, ...(faultAtMs !== undefined && { faultAtMs }) };
  });
}

/** What is seen after a wait's time says nothing about what was there within it. */
const tooLate = (title: string) =>
  unjudged({
    code: 'FD6001',
    where: 'worker',
    what: `no worker looked in time: ${title}`,
    remedy: 'Look at the worker: `npx firedrill doctor`',
  });

/** The run this activity belongs to; every activity of ours is a workflow's. */
export function execution(): Execution {
  const found = Context.current().info.workflowExecution;
  if (found === undefined) throw new Error('an activity outside a workflow');
  return found;
}

export function contextOf(
  { plan, run }: RunIdentity,
  ports: Ports,
  call: Pick<VerbCall, 'step' | 'deadlineMs' | 'faultAtMs'>,
  one: Attempt,
): StepContext {
  return {
    fleet: plan.fleet,
    ports,
    run,
    step: call.step,
    runbook: plan.runbook.name,
    victim: plan.victim,
    ...(call.faultAtMs !== undefined && { faultAtMs: call.faultAtMs }),
    signal: one.signal,
    deadlineMs: call.deadlineMs,
    heartbeat: one.heartbeat,
    previous: one.previous,
    beginFault: one.beginFault,
    sleep: one.sleep,
  };
}

async function perform(
  kind: Kind,
  verb: Verb,
  input: Json,
  call: VerbCall,
  context: StepContext,
): Promise<Json> {
  const acts = kind as ActKind<Json, Json, Json>;
  const snapshot = call.snapshot ?? null;
  switch (verb) {
    case 'look':
      return (kind as LookKind<Json, Json>).look(input, context);
    case 'slice':
      return (await (kind as SliceKind<Json, Json>).slice(input, call.window!, context)) as unknown as Json;
    case 'snapshot':
      return acts.snapshot(input, context);
    case 'act':
      return acts.act(input, snapshot, context, call.progress);
    case 'undo':
      return (await acts.undo(input, snapshot, context, call.progress)) as unknown as Json;
    case 'compare':
      return { left: (await acts.compare(input, snapshot, context)) as unknown as Json };
    case 'probe':
      return (await probe(acts, input, snapshot, context)) as unknown as Json;
  }
}

/** Looks until the fault is seen to bite, or the deadline says that it does not. */
async function probe(
  kind: ActKind<Json, Json, Json>,
  input: Json,
  snapshot: Json,
  context: StepContext,
): Promise<Probed> {
  for (;;) {
    const probed = await kind.probe!(input, snapshot, context);
    if (probed.bitten || Date.now() >= context.deadlineMs) return probed;
    await context.sleep(PROBE_MS);
  }
}
