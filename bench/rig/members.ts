/**
 * Fleets of 100 and 500 members. Their Cluster objects, ResourceBindings and Deployments are made up on the rig's
 * federation, whose controllers stand still; each member's address leads to one of the three real API servers, by a
 * connection of its own. Every measurement is a process of its own, so that its memory is its own.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../median.ts';
import type { Host } from './host.ts';
import { bindingOf, bindingStatusOf, clusterOf, clusterStatus, deploymentOf, NAMESPACE } from './made-up.ts';
import { openRaw, type Raw } from './raw.ts';
import { fleetOf } from './worker.ts';

export interface Sized {
  members: number;
  preflight: Cost;
  awaitSpread: Cost;
}

/** Of one process, medians of three. */
export interface Cost {
  ms: number;
  cpuMs: number;
  /** Resident at most, MiB. */
  memory: number;
}

const STILL = ['karmada-controller-manager', 'karmada-scheduler'];
const REAL = ['aks1', 'aks2', 'k3s'] as const;
const TIMES = 3;
const AT_ONCE = 24;

const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters';
const bindings = `/apis/work.karmada.io/v1alpha2/namespaces/${NAMESPACE}/resourcebindings`;
const deployments = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;

/** Context of the kubeconfig by made-up member. */
export function contextsOf(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `m${String(index + 1).padStart(3, '0')}`);
  return Object.fromEntries(names.map((name, index) => [name, REAL[index % REAL.length]!]));
}

export async function measureMembers(host: Host, sizes: number[]): Promise<Sized[]> {
  const fleet = fleetOf(host.kubeconfig, Object.fromEntries(REAL.map((name) => [name, name])));
  const federation = openRaw(fleet, 'federation');
  const members = REAL.map((name) => openRaw(fleet, name));
  // First: Karmada would make the namespace on its members itself.
  host.freeze(...STILL);
  try {
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
    await Promise.all([federation, ...members].map((plane) => plane.post('/api/v1/namespaces', space)));
    const measured: Sized[] = [];
    const known: string[] = [];
    for (const count of sizes) {
      const names = Object.keys(contextsOf(count));
      const more = names.filter((name) => !known.includes(name));
      await inParallel(more, (name) => makeMember(federation, name));
      known.push(...more);
      await makeWorkload(federation, members, names);
      measured.push({
        members: count,
        preflight: await costOf('preflight', host.kubeconfig, count),
        awaitSpread: await costOf('await-spread', host.kubeconfig, count),
      });
    }
    return measured;
  } finally {
    host.thaw(...STILL);
  }
}

/** A Cluster that is Ready, and a tenant who has a workload on it. */
async function makeMember(federation: Raw, name: string): Promise<void> {
  await federation.post(clusters, clusterOf(name));
  await federation.patch(`${clusters}/${name}/status`, { status: clusterStatus() });
  await makeBinding(federation, `tenant-${name}`, [name, 'm001']);
}

/** One workload over all members, with a replica on each, where it is Ready. */
async function makeWorkload(federation: Raw, members: Raw[], names: string[]): Promise<void> {
  const workload = `spread-${names.length}`;
  await makeBinding(federation, workload, names);
  for (const member of members) {
    await member.post(deployments, deploymentOf(workload, 1));
    await member.patch(`${deployments}/${workload}/status`, {
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
    });
  }
}

async function makeBinding(federation: Raw, workload: string, names: string[]): Promise<void> {
  const distinct = [...new Set(names)];
  await federation.post(deployments, deploymentOf(workload, distinct.length));
  const { metadata } = await federation.post(bindings, bindingOf(workload, distinct));
  const status = bindingStatusOf(distinct, metadata.generation!);
  await federation.patch(`${bindings}/${workload}-deployment/status`, { status });
}

async function inParallel<T>(items: T[], each: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const work = async () => {
    for (const item of waiting) await each(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const look = fileURLToPath(new URL('members-look.ts', import.meta.url));

async function costOf(what: 'preflight' | 'await-spread', kubeconfig: string, count: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [look, what, kubeconfig, String(count)]);
    costs.push(JSON.parse(stdout));
  }
  const of = (key: keyof Cost) => median(costs.map((cost) => cost[key]));
  return { ms: of('ms'), cpuMs: of('cpuMs'), memory: of('memory') };
}
