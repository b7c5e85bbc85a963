/**
 * A spread noticed. Everything is as wanted but one word; Karmada and the controllers of the member stand still, and
 * the benchmark writes that word: a report in the ResourceBinding, and the status of a member's own Deployment, in
 * turn. Everything counts from the sending of that write, and all who wait were started at the same time
 * and had time to begin to watch:
 * - noticed: `heldAtMs` of `karmada/await-spread`, which has judged the binding, the Clusters and three Deployments
 *   by then; against the end of a `kubectl wait` for the one word.
 * - believed: `karmada/await-spread` has read binding, policy and members afresh and returned; against that
 *   `kubectl wait` and a `kubectl get` of binding and policy and of each member's Deployment after it, side by side.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Json } from '../../dsl/plan.ts';
import { median } from '../median.ts';
import type { Host } from './host.ts';
import type { Kubectl } from './kubectl.ts';
import { openRaw, type Raw } from './raw.ts';
import { createWorker, planOf, type Worker } from './worker.ts';

const NAMESPACE = 'bench-spread';
const SPREAD = { aks1: 5, aks2: 3, k3s: 1 };
const STILL = ['karmada-controller-manager', 'karmada-scheduler', 'aks1/kube-controller-manager'];
/** Until kubectl and the step have listed and watch. */
const BEGIN_TO_WATCH_MS = 3_000;

export interface Noticed {
  looks: number;
  noticed: Compared;
  believed: Compared;
}

/** Milliseconds after it is true, medians. */
interface Compared {
  ours: number;
  kubectl: number;
  ratio: number;
}

/** Milliseconds after it is true. */
interface Look {
  noticed: number;
  believed: number;
  waited: number;
  got: number;
}

/** One word that is missing. */
interface Word {
  plane: string;
  resource: string;
  jsonpath: string;
  write(as: 'wanted' | 'wrong'): Promise<unknown>;
}

export async function measureSpread(
  host: Host,
  fleet: Fleet,
  kubectl: Kubectl,
  looks: number,
): Promise<Noticed> {
  const input = { workload: 'deployment/hello', namespace: NAMESPACE, expect: 'steady' };
  const worker = createWorker(planOf(fleet, [{ uses: 'karmada/await-spread', with: input }]));
  const federation = openPorts(fleet).federation();
  for (const object of manifests) await federation.apply(object, AbortSignal.timeout(30_000));
  await worker.perform('karmada/await-spread', 'look', input);
  host.freeze(...STILL);
  const measured: Look[] = [];
  try {
    const words = [await report(openRaw(fleet, 'federation')), deployment(openRaw(fleet, 'aks1'))];
    // Nobody's first look counts: code is compiled in it.
    for (const word of words) await notice(word, worker, input, kubectl);
    for (let look = 0; look < looks; look += 1)
      measured.push(await notice(words[look % words.length]!, worker, input, kubectl));
  } finally {
    host.thaw(...STILL);
  }
  await kubectl('federation', 'delete', 'namespace', NAMESPACE);
  return { looks, noticed: compare('noticed', 'waited'), believed: compare('believed', 'got') };

  function compare(mine: keyof Look, its: keyof Look): Compared {
    const [ours, theirs] = [mine, its].map((key) => median(measured.map((one) => one[key])));
    return { ours: ours!, kubectl: theirs!, ratio: ours! / theirs! };
  }
}

async function notice(word: Word, worker: Worker, input: Json, kubectl: Kubectl): Promise<Look> {
  await word.write('wrong');
  const wait = ['wait', '-n', NAMESPACE, word.resource, `--for=jsonpath=${word.jsonpath}`, '--timeout=60s'];
  const step = worker.perform('karmada/await-spread', 'look', input).then((output) => {
    const { heldAtMs } = output as { heldAtMs: number };
    return { noticed: heldAtMs - performance.timeOrigin, believed: performance.now() };
  });
  const command = kubectl(word.plane, ...wait).then(() => performance.now());
  await sleep(BEGIN_TO_WATCH_MS);
  // True from some moment between this and the answer: the later one would give a watch less than nothing.
  const trueMs = performance.now();
  await word.write('wanted');
  const [{ noticed, believed }, waited] = [await step, await command];
  // Only now: they would take the processor from the step.
  const readMs = await readAfresh(kubectl);
  return {
    noticed: noticed - trueMs,
    believed: believed - trueMs,
    waited: waited - trueMs,
    got: waited - trueMs + readMs,
  };
}

async function readAfresh(kubectl: Kubectl): Promise<number> {
  const begunMs = performance.now();
  const get = (plane: string, resources: string) =>
    kubectl(plane, 'get', '-n', NAMESPACE, resources, '-o', 'json');
  await Promise.all([
    get('federation', 'resourcebindings,propagationpolicies,deployments'),
    ...Object.keys(SPREAD).map((member) => get(member, 'deployments')),
  ]);
  return performance.now() - begunMs;
}

async function report(federation: Raw): Promise<Word> {
  const path = `/apis/work.karmada.io/v1alpha2/namespaces/${NAMESPACE}/resourcebindings/hello-deployment`;
  const { status } = await federation.get(path);
  const reports: { clusterName: string; status: object }[] = status.aggregatedStatus;
  const withReady = (readyReplicas: number) =>
    reports.map((one) =>
      one.clusterName === 'k3s' ? { ...one, status: { ...one.status, readyReplicas } } : one,
    );
  return {
    plane: 'federation',
    resource: 'resourcebinding/hello-deployment',
    jsonpath: '{.status.aggregatedStatus[?(@.clusterName=="k3s")].status.readyReplicas}=1',
    write: (as) =>
      federation.patch(`${path}/status`, {
        status: { aggregatedStatus: withReady(as === 'wanted' ? SPREAD.k3s : 0) },
      }),
  };
}

function deployment(member: Raw): Word {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/hello/status`;
  return {
    plane: 'aks1',
    resource: 'deployment/hello',
    jsonpath: `{.status.readyReplicas}=${SPREAD.aks1}`,
    write(as) {
      const ready = as === 'wanted' ? SPREAD.aks1 : SPREAD.aks1 - 1;
      return member.patch(path, { status: { readyReplicas: ready, availableReplicas: ready } });
    },
  };
}

const metadata = { name: 'hello', namespace: NAMESPACE };
const containers = [{ name: 'hello', image: 'none', resources: { requests: { cpu: '1m', memory: '1Mi' } } }];
const manifests = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 9,
      selector: { matchLabels: { app: 'hello' } },
      template: { metadata: { labels: { app: 'hello' } }, spec: { containers } },
    },
  },
  {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata,
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' }],
      placement: {
        clusterAffinity: { clusterNames: Object.keys(SPREAD) },
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: {
            staticWeightList: Object.entries(SPREAD).map(([name, weight]) => ({
              targetCluster: { clusterNames: [name] },
              weight,
            })),
          },
        },
      },
    },
  },
];
