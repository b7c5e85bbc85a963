/**
 * A spread noticed. Everything is as wanted but one word; Karmada and the controllers of the member stand still, and
 * the benchmark writes that word: a report in the ResourceBinding, and the status of a member's own Deployment, in
 * turn. Measured from the API server's answer to that write until `karmada/await-spread` returns, and until a
 * `kubectl wait` for that very word has ended; both were started at the same time and had time to begin to watch.
 * The step sees more than kubectl (the binding, the Clusters, the Deployment on three members) and reads it all
 * afresh before it returns.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
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
  /** Milliseconds after it is true, medians. */
  ours: number;
  kubectl: number;
  ratio: number;
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
  const measured: [ours: number, kubectl: number][] = [];
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
  const [ours, its] = [median(measured.map(([one]) => one)), median(measured.map(([, one]) => one))];
  return { looks, ours, kubectl: its, ratio: ours / its };
}

async function notice(
  word: Word,
  worker: Worker,
  input: object,
  kubectl: Kubectl,
): Promise<[number, number]> {
  await word.write('wrong');
  const wait = ['wait', '-n', NAMESPACE, word.resource, `--for=jsonpath=${word.jsonpath}`, '--timeout=60s'];
  const seen = Promise.all([
    worker.perform('karmada/await-spread', 'look', input as never).then(() => performance.now()),
    kubectl(word.plane, ...wait).then(() => performance.now()),
  ]);
  await sleep(BEGIN_TO_WATCH_MS);
  await word.write('wanted');
  const trueMs = performance.now();
  const [ours, its] = await seen;
  return [ours - trueMs, its - trueMs];
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
