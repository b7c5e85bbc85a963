/** Performs steps as a worker does, with the real adapters and the real loop of an activity, without a server. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { stepActivities } from '../../activities/activity.ts';
import type { Acted } from '../../activities/kind.ts';
import { registry } from '../../activities/registry.ts';
import { openPorts } from '../../adapters/open.ts';
import { compile } from '../../dsl/compile.ts';
import { type Fleet, fleet as fleetShape } from '../../dsl/fleet.ts';
import type { Json, Plan, Verb } from '../../dsl/plan.ts';
import type { VerbResult } from '../../workflows/protocol.ts';

/** @param members context of the kubeconfig by member. */
export function fleetOf(kubeconfig: string, members: Record<string, string>): Fleet {
  const entry = { url: 'http://127.0.0.1:1', host: 'hello.example.com' };
  const entries = Object.entries(members).map(([name, context]) => [name, { kubeconfig, context, entry }]);
  const parsed = fleetShape.parse({
    name: 'bench',
    tier: 'rig',
    production: false,
    federation: { kubeconfig, context: 'federation' },
    members: Object.fromEntries(entries),
    flags: { failover: true, noExecuteTaintEviction: true },
  });
  return { ...parsed, file: kubeconfig };
}

export function planOf(fleet: Fleet, steps: { uses: string; with: Json }[]): Plan {
  const { plan, problems } = compile({
    file: 'bench.yaml',
    text: JSON.stringify({ name: 'bench', steps }),
    fleet,
    inputs: {},
    catalogue: new Map(registry.map((kind) => [kind.name, kind])),
    read: () => '',
  });
  if (plan === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return plan;
}

export interface Worker {
  /** One call of a verb; an act is called again until it is done. */
  perform(uses: string, verb: Verb, input: Json, snapshot?: Json): Promise<Json>;
}

const WITHIN_MS = 300_000;
const ATTEMPT_MS = 30_000;

export function createWorker(plan: Plan): Worker {
  const activities = stepActivities({
    kinds: registry,
    openPorts,
    runs: {
      identify: async () => ({ plan, run: 'bench' }),
      history: async () => ({ events: [] }),
    },
    secrets: () => [],
  });

  async function call(uses: string, verb: Verb, input: Json, more: object, attemptMs: number): Promise<Json> {
    const deadlineMs = Date.now() + WITHIN_MS;
    const activity = activities[`${uses}.${verb}`]!;
    const asked = { step: 'steps[0]', title: uses, input, deadlineMs, attempts: 1, fault: false, ...more };
    const environment = new MockActivityEnvironment({ startToCloseTimeoutMs: attemptMs });
    const answered = await environment.run((argument: typeof asked) => activity(argument), asked);
    return (answered as VerbResult).result;
  }

  return {
    async perform(uses, verb, input, snapshot) {
      if (verb !== 'act') return call(uses, verb, input, { snapshot }, WITHIN_MS);
      let acted: Acted<Json> = { done: false, progress: null };
      let progress: Json | undefined;
      while (!acted.done) {
        acted = (await call(uses, verb, input, { snapshot, progress }, ATTEMPT_MS)) as unknown as Acted<Json>;
        if (!acted.done) progress = acted.progress;
      }
      return acted.output;
    },
  };
}
