/**
 * Three nodes with 300 pods drained: by `kubernetes/drain` as a worker performs it, and by `kubectl drain` of the
 * three in one command. The member is the same and in the same state each time: all pods Ready, the same number on
 * every node, no other node, so that what comes in their place is Pending until the nodes are back.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { inTurns, median } from '../median.ts';
import type { Kubectl } from './kubectl.ts';
import { createWorker, planOf } from './worker.ts';

const MEMBER = 'aks2';
const NODES = 'kubernetes.io/os=linux';
const NAMESPACE = 'bench-drain';

export interface Drains {
  pods: number;
  pairs: number;
  /** Seconds, medians. */
  ours: number;
  kubectl: number;
  ratio: number;
}

export async function measureDrain(
  fleet: Fleet,
  kubectl: Kubectl,
  { pairs, pods }: { pairs: number; pods: number },
): Promise<Drains> {
  const signal = AbortSignal.timeout(3_600_000);
  const member = openPorts(fleet).member(MEMBER);
  const input = { cluster: MEMBER };
  const worker = createWorker(planOf(fleet, [{ uses: 'kubernetes/drain', with: input }]));
  for (const object of workload()) await member.apply(object, signal);

  /** Nothing left of the last time, and nothing under way any more. */
  async function ready() {
    await kubectl(MEMBER, 'uncordon', '-l', NODES);
    await kubectl(MEMBER, 'scale', '-n', NAMESPACE, 'deployment/filler', '--replicas=0');
    // `kubectl wait` would ask for each pod by itself, at five requests a second.
    while ((await member.pods({ namespace: NAMESPACE }, signal)).length > 0) await sleep(500);
    await kubectl(MEMBER, 'scale', '-n', NAMESPACE, 'deployment/filler', `--replicas=${pods}`);
    await kubectl(MEMBER, 'rollout', 'status', '-n', NAMESPACE, 'deployment/filler', '--timeout=300s');
  }
  async function timed(drain: () => Promise<unknown>) {
    await ready();
    const begunMs = performance.now();
    await drain();
    const seconds = (performance.now() - begunMs) / 1000;
    await mustBeEmpty();
    return seconds;
  }
  async function mustBeEmpty() {
    const left = (await member.pods({ namespace: NAMESPACE }, signal)).filter(
      (pod) => pod.node !== undefined,
    );
    if (left.length > 0) throw new Error(`${left.length} pods are still on nodes after the drain`);
  }
  const ours = async () => {
    const snapshot = await worker.perform('kubernetes/drain', 'snapshot', input);
    await worker.perform('kubernetes/drain', 'act', input, snapshot);
  };
  const theirs = () => kubectl(MEMBER, 'drain', '-l', NODES, '--ignore-daemonsets', '--delete-emptydir-data');

  // Nobody's first run counts: code is compiled in it, and the member's caches are filled.
  await timed(ours);
  const measured = await inTurns(
    pairs,
    () => timed(ours),
    () => timed(theirs),
  );
  await kubectl(MEMBER, 'uncordon', '-l', NODES);
  await kubectl(MEMBER, 'delete', 'namespace', NAMESPACE);
  const [mine, its] = [median(measured.map(([one]) => one)), median(measured.map(([, one]) => one))];
  return { pods, pairs, ours: mine, kubectl: its, ratio: mine / its };
}

function workload() {
  const labels = { app: 'filler' };
  const containers = [
    { name: 'filler', image: 'none', resources: { requests: { cpu: '1m', memory: '1Mi' } } },
  ];
  const spread = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' };
  const spec = {
    containers,
    topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: labels } }],
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'filler', namespace: NAMESPACE },
      spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ];
}
