/**
 * A journal as scenario B writes it on the sandbox: 50 requests a second, aks1 drained, Karmada moves 5/3/1 to
 * 0/7/2, Front Door drops the backend, failback by surge. Drawn with a fixed seed; for looking at the report.
 */
import type { Json } from '../../dsl/plan.ts';
import type { Row, Second, SliceResult } from '../../dsl/window.ts';
import type { Journal } from '../../report/journal.ts';
import {
  acted,
  assertNode,
  at,
  bitten,
  entry,
  faultStep,
  moverStep,
  parallel,
  planOf,
  spreadSeen,
  step,
  T0,
  undoNode,
  undone,
  verb,
} from './build.ts';

/** When what happens, seconds after T0. */
const FAULT = 24.3;
const REMOVED = FAULT + 11.4;
const BACK = 54;
const SERVING = 72;
const END = 89;

/** mulberry32: small, and the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const steady = { aks1: 5, aks2: 3, k3s: 1 };
const survivors = { aks1: 0, aks2: 7, k3s: 2 };
const surged = { aks1: 5, aks2: 7, k3s: 2 };
const podsOf: Record<string, string[]> = {
  aks1: ['4xk2p', '8mzqd', 'b7r9t', 'j2fwh', 'v5n6c'],
  aks2: ['2pw8x', '6hd4m', 'k9s3z', 'c8v2b', 'n4t7q', 'r6j5g', 'x3f9l'],
  k3s: ['7g2ks', 'q5b8w'],
};

/** Which clusters Front Door still sends to; its points of presence drop a backend one after the other. */
function routedAt(second: number, random: () => number): string {
  const drop = second < FAULT + 7 ? 0 : second < REMOVED ? (second - FAULT - 7) / (REMOVED - FAULT - 7) : 1;
  const out = second < SERVING ? drop : Math.max(1 - (second - SERVING) / 3, 0);
  const gone = second >= FAULT && random() < out;
  const choice = random();
  if (gone) return choice < 0.5 ? 'aks2' : 'k3s';
  return choice < 1 / 3 ? 'aks1' : choice < 2 / 3 ? 'aks2' : 'k3s';
}

function answerOf(second: number, random: () => number): Omit<Row, 'count'> {
  const routed = routedAt(second, random);
  const down = second >= FAULT + 0.6 && second < 66;
  if (routed !== 'aks1' || !down) return { routed, served: routed, class: 'ok' };
  // While pods go, connections break under way; then there is nobody behind the entry point.
  if (second < FAULT + 2.5 && random() < 0.35) return { routed, served: '', class: 'reset' };
  if (random() < 0.05) return { routed: '', served: '', class: 'timeout' };
  return { routed, served: '', class: 'http-5xx' };
}

function slices(): SliceResult[] {
  const random = seeded(20261123);
  return Array.from({ length: Math.floor((END - 4) / 5) }, (_, k): SliceResult => {
    const from = 4 + k * 5;
    const pods: Record<string, number> = {};
    const last: Record<string, number> = {};
    const seconds = Array.from({ length: 5 }, (_, n): Second => {
      const rows = new Map<string, Row>();
      for (let shot = 0; shot < 50; shot += 1) {
        const when = from + n + shot / 50;
        const answer = answerOf(when, random);
        const key = Object.values(answer).join('|');
        const row = rows.get(key) ?? { ...answer, count: 0 };
        rows.set(key, row);
        row.count += 1;
        if (answer.routed !== '') last[answer.routed] = at(when);
        if (answer.served === '') continue;
        const moved = when > FAULT + 13 && when < 84;
        const running =
          answer.served === 'aks1' ? 5 : answer.served === 'aks2' ? (moved ? 7 : 3) : moved ? 2 : 1;
        const pod = `${answer.served}/hello-6d9f7c5b8-${podsOf[answer.served]?.[Math.floor(random() * running)]}`;
        pods[pod] = (pods[pod] ?? 0) + 1;
      }
      return { at: T0 / 1000 + from + n, rows: [...rows.values()] };
    });
    const hurt = from + 5 > FAULT && from < REMOVED;
    return {
      fromMs: at(from),
      untilMs: at(from + 5),
      intended: 250,
      seconds,
      latency: '',
      p50Ms: 5.4 + random() * 1.2,
      p99Ms: hurt ? 1_950 + random() * 60 : 14 + random() * 8,
      maxMs: hurt ? 2_004 : 34,
      bytes: 61_250,
      unknown: [],
      sendLagP99Ms: 1.8,
      sendLagMaxMs: 3.9,
      eventLoopLagMaxMs: 6,
      pods,
      lastRoutedMs: last,
    };
  });
}

const steps = {
  apply: step('setup.scenario_a.deploy', 'karmada/apply', {
    title: 'Deploy hello to the fleet',
    effect: 'provides',
    verbs: ['snapshot', 'act', 'undo', 'compare'],
  }),
  steady: step('verify.scenario_a.spread', 'karmada/await-spread', { title: 'hello runs 5/3/1' }),
  serving: step('verify.scenario_a.serving', 'glb/await-serving', { title: 'All three clusters serve' }),
  users: step('steps.users', 'traffic/generate', {
    title: 'Users, 50 requests a second',
    background: true,
    verbs: ['look', 'slice'],
    queue: 'traffic',
  }),
  fault: faultStep('steps.fault'),
  moved: step('steps.rescheduled', 'karmada/await-spread', { title: 'Karmada moves the replicas' }),
  removed: step('steps.removed', 'glb/await-removed', { title: 'Front Door drops aks1' }),
  healthy: assertNode('steps.healthy', "window('users', '10s').availability >= 0.999", 'Users are healthy'),
  back: undoNode('recover.1', 'steps.fault', 'Nodes back'),
  rebalance: moverStep('recover.2', {
    uses: 'karmada/rebalance',
    effect: 'changes',
    title: 'Bring the replicas back by surge',
  }),
  returned: step('recover.3', 'karmada/await-spread', { title: 'hello runs 5/3/1 again' }),
  rejoined: step('recover.4', 'glb/await-serving', { title: 'Front Door sends to aks1 again' }),
};

const sum = (spread: Record<string, number>): Json => ({ spread, ready: spread });
const nodes: Json = { schedulable: ['aks1-0', 'aks1-1', 'aks1-2'] };

export function sampleJournal(): Journal {
  const plan = planOf(
    {
      setup: [steps.apply],
      verify: [steps.steady, steps.serving],
      steps: [steps.users, steps.fault, parallel('steps.3', [steps.moved, steps.removed]), steps.healthy],
      recover: [steps.back, steps.rebalance, steps.returned, steps.rejoined],
    },
    {
      victim: 'aks1',
      objective: { rtoMs: 60_000, availability: 0.85, settleMs: 10_000, recover: { availability: 0.999 } },
    },
  );
  return {
    journal: 1,
    run: 'scenario-b-20261123-120000',
    runId: '0199f2d0-5a31-7c44-9e0b-3f6a2d7c8b15',
    plan,
    options: { requestedBy: 'mina.kim@example.com', scheduled: false, note: '분기 재해 복구 훈련' },
    startedMs: at(0),
    endedMs: at(END + 0.8),
    ended: 'completed',
    findings: [
      {
        severity: 'ok',
        code: 'FD6100',
        where: 'aks1, aks2, k3s',
        what: 'answer, and grant every right the drill and its undo need',
        remedy: '',
      },
      {
        severity: 'ok',
        code: 'FD3140',
        where: 'aks2, k3s',
        what: 'have room for the 5 pods of aks1 (requests 250m, 320 MiB)',
        remedy: '',
      },
      {
        severity: 'warning',
        code: 'FD3150',
        where: 'demo/hello',
        what: 'tolerationSeconds 10 is close to the start-up time of its pods; a slow start would evict a survivor as well',
        remedy: 'Raise tolerationSeconds over the slowest start you expect',
      },
      {
        severity: 'unknown',
        code: 'FD3160',
        where: 'federation',
        what: 'whether the feature gate Failover is on: no API shows it',
        remedy: 'State it under `flags` in the fleet file',
      },
    ],
    lock: { state: 'released', where: 'lease firedrill-system/firedrill' },
    controls: {
      positive: { seen: true, evidence: 'a request sent to the entry point of aks1 was told apart as aks1' },
      negative: { seen: true, evidence: 'a request to a path that fails was counted as failed (503)' },
    },
    sections: { setup: at(1.6), verify: at(2.1), steps: at(3), recover: at(BACK), restore: at(82) },
    steps: stepEntries(),
    records: [
      { record: 'section', section: 'setup', atMs: at(1.6) },
      { record: 'section', section: 'verify', atMs: at(2.1) },
      { record: 'section', section: 'steps', atMs: at(3) },
      { record: 'traffic', path: 'steps.users', startedMs: at(4), sliceMs: 5000, atMs: at(3.1) },
      {
        record: 'assert',
        path: 'steps.healthy',
        expression: steps.healthy.expression.cel,
        value: { "window('users', 10000 ms)": { requests: 500, ok: 500, failed: 0, availability: 1 } },
        holds: true,
        atMs: at(52.4),
      },
      { record: 'section', section: 'recover', atMs: at(BACK) },
      { record: 'section', section: 'restore', atMs: at(82) },
    ],
    interventions: [
      {
        atMs: at(23.6),
        update: 'approve',
        by: 'joon.park@example.com',
        payload: { step: 'steps.fault', by: 'joon.park@example.com', approved: true },
      },
    ],
    faultAtMs: at(FAULT),
    traffic: [{ path: 'steps.users', slices: slices(), gaps: [] }],
  };
}

function stepEntries(): Journal['steps'] {
  const drained = { aks1: 0, aks2: 3, k3s: 1 };
  return [
    entry(steps.apply, [
      verb('snapshot', 1.6, 1.8, { result: {} }),
      verb('act', 1.8, 2.1, {
        snapshot: {},
        input: { manifests: 'manifests/hello' },
        result: acted({ changed: 0 }),
      }),
    ]),
    entry(steps.steady, [
      verb('look', 2.1, 2.6, {
        input: { workload: 'deployment/hello', expect: 'steady' },
        result: {
          ...(spreadSeen([[2.3, steady, steady]]) as object),
          ...(sum(steady) as object),
          afterMs: 412,
        },
      }),
    ]),
    entry(steps.serving, [
      verb('look', 2.6, 3, { input: {}, result: { shares: { aks1: 0.33, aks2: 0.34, k3s: 0.33 } } }),
    ]),
    entry(steps.fault, [
      verb('guard', 23.8, 23.9, { result: { allowed: true } }),
      verb('snapshot', 23.9, 24.1, { result: nodes }),
      verb('act', 24.1, 27.2, {
        input: { cluster: 'aks1', mode: 'evict' },
        snapshot: nodes,
        result: acted({ nodes: ['aks1-0', 'aks1-1', 'aks1-2'], evicted: 9 }),
      }),
      verb('probe', 27.2, 27.5, { result: bitten }),
      verb('probe', 53.6, 53.9, { n: 2, result: bitten }),
      verb('undo', BACK, 55.1, { snapshot: nodes, result: undone }),
      verb('compare', 86.2, 86.5, { snapshot: nodes, result: { left: [] } }),
    ]),
    entry(steps.moved, [
      verb('look', 27.6, FAULT + 13.2, {
        input: { workload: 'deployment/hello', expect: 'without-victim' },
        result: {
          ...(spreadSeen([
            [27.7, steady, drained],
            [FAULT + 10.5, survivors, drained],
            [FAULT + 12.3, survivors, { aks1: 0, aks2: 5, k3s: 2 }],
            [FAULT + 12.9, survivors, survivors],
          ]) as object),
          ...(sum(survivors) as object),
          afterMs: 9_900,
          leastReady: 4,
          moved: true,
          movedBy: {
            how: 'application-failover',
            by: 'karmada',
            evidence: 'eviction of aks1 for ApplicationFailure by resource-binding-application-failover',
          },
          troubles: [],
        },
      }),
    ]),
    entry(steps.removed, [
      verb('look', 27.6, 47.8, {
        input: { backend: 'aks1' },
        result: {
          afterMs: 20_200,
          lastVictimMs: at(REMOVED),
          requests: 404,
          failures: { 'http-5xx': 61 },
          shares: { aks2: 0.49, k3s: 0.51 },
          expected: { aks2: 0.5, k3s: 0.5 },
          predicted: { minMs: 10_000, maxMs: 17_000 },
          leftoverBound: 0.019,
        },
      }),
    ]),
    entry(steps.rebalance, [
      verb('snapshot', 55.2, 55.4, { result: survivors }),
      verb('act', 55.4, 65.2, {
        input: { workload: 'deployment/hello', by: 'surge' },
        snapshot: survivors,
        result: acted({ edits: 4, leastReady: 9 }),
      }),
    ]),
    entry(steps.returned, [
      verb('look', 65.3, 66.4, {
        input: { workload: 'deployment/hello', expect: 'steady' },
        result: {
          ...(spreadSeen([
            [58.1, surged, { aks1: 0, aks2: 7, k3s: 2 }],
            [60.3, surged, surged],
            [65.6, steady, { aks1: 5, aks2: 3, k3s: 1 }],
          ]) as object),
          ...(sum(steady) as object),
          afterMs: 1_040,
          leastReady: 9,
        },
      }),
    ]),
    entry(steps.rejoined, [
      verb('look', 66.5, 79.2, {
        input: { backend: 'aks1' },
        result: { shares: { aks1: 0.32, aks2: 0.34, k3s: 0.34 } },
      }),
    ]),
    entry(
      { ...steps.steady, title: 'hello runs 5/3/1, once more' },
      [
        verb('look', 84, 84.6, {
          input: { workload: 'deployment/hello', expect: 'steady' },
          result: spreadSeen([[84.2, steady, steady]]),
        }),
      ],
      'final.verify.scenario_a.spread',
    ),
    entry(
      { ...steps.serving, title: 'All three clusters serve, once more' },
      [verb('look', 84.6, 86, { result: { shares: { aks1: 0.33, aks2: 0.33, k3s: 0.34 } } })],
      'final.verify.scenario_a.serving',
    ),
  ];
}
