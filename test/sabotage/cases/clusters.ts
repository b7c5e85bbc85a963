/** The drain does not bite or does not last, and survivors that cannot take over. */
import { between, type Case, drained, exercising, faultHit, recovering, rescheduled } from '../case.ts';
import { GUARDED } from '../quickened.ts';
import type { Site } from '../site.ts';

interface Node {
  metadata: { name: string; annotations?: Record<string, string> };
  status: object;
}

const runbook = 'scenario-b';
const nodes = '/api/v1/nodes';

async function nodesOf({ kube }: Site, cluster: string): Promise<Node[]> {
  return (await kube<{ items: Node[] }>(cluster, 'GET', nodes)).items;
}

async function cordon(site: Site, cluster: string, unschedulable: boolean, count = 9): Promise<void> {
  for (const { metadata } of (await nodesOf(site, cluster)).slice(0, count))
    await site.kube(cluster, 'PATCH', `${nodes}/${metadata.name}`, { spec: { unschedulable } });
}

/** As an autoscaler does for pods that are Pending. */
async function bringNode(site: Site): Promise<void> {
  const [{ status } = { status: {} }] = await nodesOf(site, 'aks1');
  const name = 'aks1-scaled-up';
  const metadata = { name, labels: { 'kubernetes.io/hostname': name } };
  await site.kube('aks1', 'POST', nodes, { apiVersion: 'v1', kind: 'Node', metadata, spec: {}, status });
}

async function forgetOwner(site: Site): Promise<void> {
  const { metadata } = (await nodesOf(site, 'aks1'))[0]!;
  const ours = Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith('firedrill'));
  const annotations = Object.fromEntries(ours.map((key) => [key, null]));
  await site.kube('aks1', 'PATCH', `${nodes}/${metadata.name}`, { metadata: { annotations } });
}

async function moveSecondTenant({ kube }: Site): Promise<void> {
  const policies = '/apis/policy.karmada.io/v1alpha1/namespaces/billing/propagationpolicies';
  await kube('federation', 'PATCH', `${policies}/invoices`, {
    spec: { placement: { clusterAffinity: { clusterNames: ['aks2'] } } },
  });
}

export const clusters: Case[] = [
  {
    name: 'kubelet-frozen',
    runbook,
    moments: between(exercising, recovering, 'frozen-controller', 'aks1', { controller: 'kubelet' }),
    expect: { verdict: 'broken', restored: 'fully', says: /still terminating/ },
  },
  {
    name: 'person-uncordons',
    runbook,
    moments: [[drained, (site) => cordon(site, 'aks1', false)]],
    expect: { verdict: 'broken', restored: 'fully', says: /can be scheduled on/ },
  },
  {
    name: 'autoscaler-brings-a-node',
    runbook,
    moments: [[faultHit, bringNode]],
    leaves: /aks1-scaled-up|^aks1 core\/pods|node-(agent|logger)|clusters \/aks1 status nodeSummary/,
    expect: { verdict: 'broken', restored: 'fully', says: /aks1-scaled-up \(which has come since\)/ },
  },
  {
    name: 'no-room-before',
    runbook,
    before: async (site) => {
      await cordon(site, 'aks2', true);
      await cordon(site, 'k3s', true);
    },
    leaves: /^(aks2|k3s) core\/nodes .*unschedulable|^(aks2|k3s) core\/nodes .*taints/,
    expect: { verdict: 'broken', restored: 'fully', says: /a guard forbids it: .*room for 0 of/ },
  },
  {
    name: 'no-room-at-the-fault',
    runbook,
    moments: [
      [faultHit, (site) => cordon(site, 'aks2', true)],
      [recovering, (site) => cordon(site, 'aks2', false)],
    ],
    expect: { verdict: 'failed', restored: 'fully', says: /Failover took aks2 down as well/ },
  },
  {
    name: 'second-tenant-in-the-way',
    runbook: GUARDED,
    expect: { verdict: 'broken', restored: 'fully', says: /it would hit \d namespaces, the limit is 1/ },
  },
  {
    name: 'second-tenant-moved-for-good',
    runbook,
    moments: [[exercising, moveSecondTenant]],
    leaves: /billing|invoices/,
    expect: { verdict: 'passed', restored: 'partly', movedBy: 'karmada' },
  },
  {
    name: 'person-cordoned-before',
    runbook,
    before: (site) => cordon(site, 'aks1', true, 1),
    leaves: /^aks1 core\/nodes/,
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'karmada' },
  },
  {
    name: 'person-takes-over-a-cordon',
    runbook,
    moments: [[rescheduled, forgetOwner]],
    leaves: /^aks1 core\/nodes/,
    expect: { verdict: 'passed', restored: 'partly', movedBy: 'karmada' },
  },
];
