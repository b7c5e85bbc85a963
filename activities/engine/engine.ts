/** The engine's own activities: what happens once a run, around its steps. */
import type { EngineActivities, RecordEntry } from '../../workflows/protocol.ts';
import { type Activities, contextOf, execution, portsOnce, type Wiring } from '../activity.ts';
import { type Attempt, attempt } from '../attempt.ts';
import { broken } from '../failure.ts';
import { inputOf } from '../input.ts';
import { showControls } from '../traffic/controls.ts';
import { archive } from './archive.ts';
import { guard } from './guard.ts';
import { preflight } from './preflight.ts';

/** Transient failures around a run are worth waiting for: with the back-off about three minutes. */
const ATTEMPTS = 20;

export interface EngineWiring extends Wiring {
  /** Where evidence is written, a folder a run. */
  evidence: string;
}

export function engineActivities(wiring: EngineWiring): Activities {
  const kinds = new Map(wiring.kinds.map((kind) => [kind.name, kind]));
  const portsOf = portsOnce(wiring.openPorts);
  const within = <R>(deadlineMs: number, body: (one: Attempt) => Promise<R>) =>
    attempt({ deadlineMs, attempts: ATTEMPTS, secrets: wiring.secrets }, body);
  const here = async () => {
    const identity = await wiring.runs.identify(execution());
    return { ...identity, identity, ports: portsOf(identity.plan) };
  };

  const engine: EngineActivities = {
    'engine.preflight': ({ deadlineMs }) =>
      within(deadlineMs, async (one) => {
        const { identity, plan, ports } = await here();
        const findings = await preflight(plan, {
          kinds,
          ports,
          signal: one.signal,
          contextOf: (step) => contextOf(identity, ports, { step, deadlineMs }, one),
        });
        return { findings };
      }),

    'engine.lock': ({ deadlineMs }) =>
      within(deadlineMs, async ({ signal }) => {
        const { plan, run, ports } = await here();
        if (plan.fleet.federation === undefined) return { holder: run, where: 'no federation, no lock' };
        const lock = await ports.federation().acquireLock(run, signal);
        if (lock.acquired) return { holder: lock.holder, where: lock.where };
        throw broken({
          code: 'FD6024',
          where: lock.where,
          what: `the fleet is busy: ${lock.holder} holds it since ${lock.since}`,
          remedy: `Watch it: \`npx firedrill attach ${lock.holder}\`; if it is gone: \`npx firedrill restore ${lock.holder}\``,
        });
      }),

    'engine.unlock': ({ deadlineMs }) =>
      within(deadlineMs, async ({ signal }) => {
        const { plan, run, ports } = await here();
        if (plan.fleet.federation === undefined) return { released: true };
        return { released: await ports.federation().releaseLock(run, signal) };
      }),

    'engine.guard': ({ step, uses, input, deadlineMs }) =>
      within(deadlineMs, async (one) => {
        const { identity, plan, ports } = await here();
        const kind = kinds.get(uses);
        if (kind === undefined) throw new Error(`no kind ${uses}`);
        await guard(
          plan,
          { step, kind, input: inputOf(kind, input) },
          contextOf(identity, ports, { step, deadlineMs }, one),
        );
        return { allowed: true };
      }),

    'engine.controls': ({ deadlineMs }) =>
      within(deadlineMs, async ({ signal }) => {
        const { plan, ports } = await here();
        return showControls({ fleet: plan.fleet, ports, signal }, plan.victim);
      }),

    'engine.archive': ({ deadlineMs }) =>
      within(deadlineMs, () => archive(wiring.runs, execution(), wiring.evidence)),

    'engine.record': async (entry: RecordEntry) => entry,
  };
  return engine as unknown as Activities;
}
