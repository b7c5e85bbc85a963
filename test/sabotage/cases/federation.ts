/** Karmada stands still, lies, or is not the one who moves; and a fleet that another drill holds. */
import { between, type Case, exercising, faultHit, recovering } from '../case.ts';
import type { Site } from '../site.ts';

const runbook = 'scenario-b';
const frozen = (controller: string) =>
  between(exercising, recovering, 'frozen-controller', 'federation', { controller });

const place =
  (...clusterNames: string[]) =>
  (site: Site) =>
    site.kube(
      'federation',
      'PATCH',
      '/apis/policy.karmada.io/v1alpha1/namespaces/demo/propagationpolicies/hello',
      {
        spec: { placement: { clusterAffinity: { clusterNames } } },
      },
    );

async function lockFleet({ kube }: Site): Promise<void> {
  const acquireTime = new Date().toISOString().replace('Z', '000Z');
  await kube('federation', 'POST', '/apis/coordination.k8s.io/v1/namespaces/firedrill-system/leases', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'firedrill', namespace: 'firedrill-system' },
    spec: { holderIdentity: 'another-drill', acquireTime, renewTime: acquireTime },
  });
}

export const federation: Case[] = [
  {
    name: 'failover-frozen',
    runbook,
    moments: frozen('application-failover'),
    expect: { verdict: 'failed', restored: 'fully', movedBy: 'nobody', says: /Nothing moved/ },
  },
  {
    name: 'scheduler-frozen',
    runbook,
    moments: frozen('scheduler'),
    expect: { verdict: 'failed', restored: 'fully', says: /The replicas run elsewhere/ },
  },
  {
    name: 'status-stale',
    runbook,
    moments: between(exercising, recovering, 'stale-status', 'federation'),
    expect: { verdict: 'failed', restored: 'fully', says: /The replicas run elsewhere/ },
  },
  {
    name: 'person-moves-the-replicas',
    runbook,
    moments: [
      [faultHit, place('aks2', 'k3s')],
      [recovering, place('aks1', 'aks2', 'k3s')],
    ],
    expect: { verdict: 'inconclusive', restored: 'fully', movedBy: 'person', says: /by hand/ },
  },
  {
    name: 'fleet-busy',
    runbook,
    before: lockFleet,
    expect: { verdict: 'broken', restored: 'untouched', says: /another-drill/ },
  },
];
