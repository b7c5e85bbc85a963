/** Small builders: a journal of a run in which everything went well, and ways to spoil it. */
import type { Fleet } from '../../dsl/fleet.ts';
import type { Assert, Json, Node, Objective, Plan, Step } from '../../dsl/plan.ts';
import type { Row, SliceResult } from '../../dsl/window.ts';
import type { Journal, StepEntry, VerbEntry } from '../../report/journal.ts';

/** 2026-11-23T03:00:00Z, a Monday noon in Seoul. */
export const T0 = Date.UTC(2026, 10, 23, 3, 0, 0);
/** Seconds after T0, as epoch ms. */
export const at = (seconds: number) => T0 + Math.round(seconds * 1000);

const place = { file: 'runbooks/scenario-b.yaml', line: 1, column: 1 };

export function step(path: string, uses: string, more: Partial<Step> = {}): Step {
  return {
    type: 'step',
    path,
    scope: '',
    title: path.slice(path.lastIndexOf('.') + 1),
    at: place,
    onFailure: 'stop',
    askWithinMs: 60_000,
    uses,
    version: 1,
    effect: 'reads',
    verbs: ['look'],
    queue: 'control',
    mover: false,
    with: {},
    timeoutMs: 60_000,
    retry: { attempts: 3, backoffMs: 500 },
    fault: false,
    background: false,
    optional: false,
    undo: 'auto',
    ...more,
  };
}

const acting: Partial<Step> = {
  verbs: ['snapshot', 'act', 'undo', 'compare', 'probe'],
  undoPhase: 'capacity',
};

export function faultStep(path = 'steps.fault', more: Partial<Step> = {}): Step {
  return step(path, 'kubernetes/drain', {
    ...acting,
    effect: 'disrupts',
    fault: true,
    title: 'Drain every node of the victim',
    ...more,
  });
}

export function moverStep(path: string, more: Partial<Step> = {}): Step {
  return step(path, 'karmada/evacuate', {
    ...acting,
    effect: 'disrupts',
    mover: true,
    undoPhase: 'placement',
    ...more,
  });
}

export function assertNode(path: string, cel: string, title: string): Assert {
  const expression = { cel, at: place, windows: [] };
  return { type: 'assert', path, scope: '', title, at: place, onFailure: 'stop', askWithinMs: 0, expression };
}

export function parallel(path: string, branches: Node[]): Node {
  return {
    type: 'parallel',
    path,
    scope: '',
    title: path,
    at: place,
    onFailure: 'stop',
    askWithinMs: 0,
    branches,
  };
}

export function undoNode(path: string, target: string, title: string): Node {
  return {
    type: 'undo',
    path,
    scope: '',
    title,
    at: place,
    onFailure: 'stop',
    askWithinMs: 0,
    target,
    timeoutMs: 60_000,
  };
}

const fleet: Fleet = {
  file: 'fleets/lab.yaml',
  name: 'lab',
  tier: 'sandbox',
  production: false,
  members: Object.fromEntries(
    ['aks1', 'aks2', 'k3s'].map((name) => [
      name,
      {
        entry: { url: 'http://127.0.0.1:1', host: 'hello.example.com' },
        exposure: 'direct',
        scaleNodes: 'none',
      },
    ]),
  ),
  identity: { routed: { header: 'x-routed-cluster' }, served: { header: 'X-Cluster' } },
  allowHosts: ['hello.example.com'],
  flags: {},
  hosts: { workers: [] },
  notify: [],
};

export function planOf(sections: Partial<Plan['sections']>, more: Partial<Plan> = {}): Plan {
  return {
    language: 1,
    hash: '5f1d0c9c2b8a44e3a7be6f0d9a1e2c3b4d5e6f708192a3b4c5d6e7f8091a2b3c',
    runbook: {
      name: 'scenario-b',
      description: 'AKS1 is lost, service goes on',
      file: 'runbooks/scenario-b.yaml',
      sha256: '9a3e',
    },
    fleet,
    inputs: { victim: 'aks1', mover: 'application-failover' },
    sections: { setup: [], verify: [], steps: [], recover: [], ...sections },
    guard: { survivorCapacity: true, blackout: [] },
    bounds: { activities: 80, events: 600, bytes: 400_000 },
    ...more,
  };
}

export const objective: Objective = { rtoMs: 60_000, availability: 0.85, settleMs: 10_000 };

/** One finished activity, from `from` to `until` in seconds after T0. */
export function verb(name: string, from: number, until: number, more: Partial<VerbEntry> = {}): VerbEntry {
  return {
    verb: name,
    n: 1,
    scheduledMs: at(from),
    startedMs: at(from),
    endedMs: at(until),
    attempts: 1,
    input: {},
    ...more,
  };
}

export function entry(of: Step, verbs: VerbEntry[], path = of.path): StepEntry {
  return { path, title: of.title, uses: of.uses, verbs };
}

export const acted = (output: Json = {}): Json => ({ done: true, output });
export const undone: Json = { done: true, restored: 'fully' };
export const bitten: Json = { bitten: true, evidence: 'no ready endpoint of demo/hello on aks1' };

export function failure(
  type: string,
  what = 'it did not',
  more: Partial<NonNullable<VerbEntry['failure']>> = {},
) {
  return { failure: { type, code: 'FD3301', what, where: 'aks1', remedy: 'Look at it', ...more } };
}

/** What one second of users came to: `served` good answers by cluster, and rows of everything else. */
export type SecondOf = (second: number) => Row[];

export function good(cluster: string, count: number): Row {
  return { routed: cluster, served: cluster, class: 'ok', count };
}

/** Slices of five seconds over [from, until), seconds after T0. */
export function slicesOf(
  from: number,
  until: number,
  second: SecondOf,
  more: Partial<SliceResult> = {},
): SliceResult[] {
  const slices: SliceResult[] = [];
  for (let start = from; start < until; start += 5) {
    const end = Math.min(start + 5, until);
    const seconds = Array.from({ length: end - start }, (_, n) => ({
      at: T0 / 1000 + start + n,
      rows: second(start + n),
    }));
    const rows = seconds.flatMap(({ rows: all }) => all);
    slices.push({
      fromMs: at(start),
      untilMs: at(end),
      intended: rows.reduce((sum, row) => sum + row.count, 0),
      seconds,
      latency: '',
      p50Ms: 6,
      p99Ms: 18,
      maxMs: 31,
      bytes: 40_000,
      unknown: [],
      sendLagP99Ms: 2,
      sendLagMaxMs: 4,
      eventLoopLagMaxMs: 5,
      pods: {},
      lastRoutedMs: {},
      ...more,
    });
  }
  return slices;
}

const users = step('steps.users', 'traffic/generate', {
  background: true,
  verbs: ['look', 'slice'],
  queue: 'traffic',
  title: 'Users',
});
const watched = step('steps.rescheduled', 'karmada/await-spread', { title: 'Replicas move' });
const fault = faultStep();
const healthy = assertNode(
  'steps.healthy',
  "window('users', '10s').availability >= 0.999",
  'Users are healthy',
);
const steadyPlan = step('verify.steady', 'karmada/await-spread', { title: 'Steady state' });

const steadySpread = { aks1: 5, aks2: 3, k3s: 1 };
const survivors = { aks1: 0, aks2: 7, k3s: 2 };

export function spreadSeen(points: [number, Record<string, number>, Record<string, number>][]): Json {
  return { series: points.map(([seconds, replicas, ready]) => ({ atMs: at(seconds), replicas, ready })) };
}

/** Fault at 20 s, users hurt until 33 s, way back from 45 s, end at 70 s; everything as it should be. */
export function passedJournal(): Journal {
  const plan = planOf(
    { verify: [steadyPlan], steps: [users, fault, watched, healthy] },
    { victim: 'aks1', objective },
  );
  const hurt: SecondOf = (second) =>
    second >= 20 && second < 33
      ? [good('aks2', 17), good('k3s', 17), { routed: 'aks1', served: '', class: 'http-5xx', count: 16 }]
      : [good('aks1', 16), good('aks2', 17), good('k3s', 17)];
  return {
    journal: 1,
    run: 'scenario-b-20261123-120000',
    runId: '0199f2d0-0000-7000-8000-000000000001',
    plan,
    options: { requestedBy: 'mina@example.com', scheduled: false },
    startedMs: at(0),
    endedMs: at(71),
    ended: 'completed',
    findings: [{ severity: 'ok', code: 'FD6100', where: 'aks1', what: 'reachable', remedy: '' }],
    lock: { state: 'released', where: 'lease firedrill-system/firedrill' },
    controls: { positive: { seen: true, evidence: 'aks1' }, negative: { seen: true, evidence: '503' } },
    sections: { verify: at(1), steps: at(4), restore: at(45) },
    steps: [
      entry(steadyPlan, [verb('look', 1, 2, { result: spreadSeen([[1.5, steadySpread, steadySpread]]) })]),
      entry(fault, [
        verb('guard', 19.6, 19.7),
        verb('snapshot', 19.7, 19.8, { result: { schedulable: ['aks1-0'] } }),
        verb('act', 19.9, 23, { snapshot: { schedulable: ['aks1-0'] }, result: acted() }),
        verb('probe', 23, 23.1, { result: bitten }),
        verb('probe', 44.8, 44.9, { n: 2, result: bitten }),
        verb('undo', 45, 46, { result: undone }),
        verb('compare', 68, 68.5, { result: { left: [] } }),
      ]),
      entry(watched, [
        verb('look', 23.2, 32, {
          result: {
            ...(spreadSeen([
              [23.5, steadySpread, { ...steadySpread, aks1: 0 }],
              [30.5, survivors, { aks1: 0, aks2: 3, k3s: 1 }],
              [31.8, survivors, survivors],
            ]) as object),
            movedBy: {
              how: 'application-failover',
              by: 'karmada',
              evidence: 'eviction of aks1 for ApplicationFailure',
            },
          },
        }),
      ]),
    ],
    records: [
      { record: 'section', section: 'verify', atMs: at(1) },
      { record: 'section', section: 'steps', atMs: at(4) },
      { record: 'traffic', path: users.path, startedMs: at(5), sliceMs: 5000, atMs: at(4) },
      {
        record: 'assert',
        path: healthy.path,
        expression: healthy.expression.cel,
        value: {},
        holds: true,
        atMs: at(44),
      },
      { record: 'section', section: 'restore', atMs: at(45) },
    ],
    interventions: [],
    faultAtMs: at(20),
    traffic: [{ path: users.path, slices: slicesOf(5, 70, hurt), gaps: [] }],
  };
}

/** A drill without a fault: scenario A passes on its steps. */
export function faultlessJournal(): Journal {
  const { controls: _, faultAtMs: __, ...journal } = passedJournal();
  const plan = planOf(
    { verify: [steadyPlan] },
    { runbook: { name: 'scenario-a', file: 'runbooks/scenario-a.yaml', sha256: 'c0' } },
  );
  return {
    ...journal,
    plan,
    steps: journal.steps.slice(0, 1),
    records: journal.records.filter((record) => record.record === 'section'),
    traffic: [],
  };
}

export type Spoil = (journal: Journal) => void;

export function spoiled(spoil: Spoil, base: Journal = passedJournal()): Journal {
  const journal = structuredClone(base);
  spoil(journal);
  return journal;
}

export function verbOf(journal: Journal, path: string, name: string, n = 1): VerbEntry {
  const found = journal.steps
    .find((one) => one.path === path)
    ?.verbs.find((one) => one.verb === name && one.n === n);
  if (found === undefined) throw new Error(`no ${name} ${n} of ${path}`);
  return found;
}

/** Fails a finished verb, and writes the interpreter's record of it. */
export function fail(journal: Journal, path: string, name: string, type: string, what = 'it did not'): void {
  const one = verbOf(journal, path, name);
  delete one.result;
  Object.assign(one, failure(type, what));
  journal.records.push({
    record: 'error',
    path,
    code: 'FD3301',
    what: `aks1: ${what}`,
    remedy: 'Look at it',
    failure: type,
    atMs: (one.endedMs ?? 0) + 1,
  });
}

/** Replaces what clients saw. */
export function usersSaw(journal: Journal, second: SecondOf, more: Partial<SliceResult> = {}): void {
  journal.traffic = [{ path: 'steps.users', slices: slicesOf(5, 70, second, more), gaps: [] }];
}
