/** Brings a fleet where a case wants it, by somebody who may do everything. */
import type { KubeObject } from '../../activities/ports/plane.ts';
import { kindOf } from '../clusters/kinds.ts';
import {
  contextOf,
  deploy,
  look,
  manifestsOf,
  openSandbox,
  perform,
  type Sandbox,
} from '../clusters/sandbox.ts';
import type { Tier } from './account.ts';

const { signal } = new AbortController();

export const hello = { workload: 'deployment/hello', namespace: 'demo' };
/** A tenant that no step names, and that moves with the rest of the cluster. */
export const other = { workload: 'deployment/other', namespace: 'tenant' };

const taint = { key: 'example.com/by-hand', value: 'rights', effect: 'NoExecute' };

/** Joined, hello with static weights, and the other tenant. */
export async function prepare(admin: Tier): Promise<void> {
  await deploy(admin, manifestsOf('policy-static'));
  await perform(kindOf('karmada/apply'), { manifests: tenant() }, contextOf(admin));
  for (const workload of [hello, other])
    await look(kindOf('karmada/await-spread'), { ...workload, expect: 'steady' }, contextOf(admin));
}

export async function preparedSandbox(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  await prepare(sandbox);
  return sandbox;
}

/** Every case begins here: both tenants where their policies put them, no taint of ours left. */
export async function settle(admin: Tier): Promise<void> {
  await admin.ports.federation().untaint('aks1', taint, signal);
  for (const workload of [hello, other]) {
    await perform(kindOf('karmada/rebalance'), workload, contextOf(admin));
    await look(kindOf('karmada/await-spread'), { ...workload, expect: 'steady' }, contextOf(admin));
  }
}

/** Nothing is asked to be anywhere. */
export async function nothing(): Promise<void> {}

/** Both tenants have left aks1, and nothing keeps them from it any more: they stay away all the same. */
export const away = (admin: Tier): Promise<void> => awayAndBack(admin, hello);

export async function awayAndBack(admin: Tier, workload: typeof hello): Promise<void> {
  await left(admin, workload);
  await admin.ports.federation().untaint('aks1', taint, signal);
}

/** Karmada has done what the taint asks for: only then has an undo something to bring back. */
export async function moved(admin: Tier): Promise<void> {
  const input = { ...hello, expect: 'without-victim', cluster: 'aks1' };
  await look(kindOf('karmada/await-spread'), input, contextOf(admin));
}

/** hello has left aks1, and somebody has asked for a rebalance since. */
export async function rebalanced(admin: Tier): Promise<void> {
  await left(admin, hello);
  const federation = admin.ports.federation();
  const binding = await federation.binding({ namespace: 'demo', name: 'hello' }, signal);
  await federation.rebalance(`by-hand-${Date.now()}`, [binding!.resource], signal);
  for (;;) {
    const now = await federation.binding({ namespace: 'demo', name: 'hello' }, signal);
    if (
      now?.rescheduleTriggeredAt !== undefined &&
      now.rescheduleTriggeredAt !== binding!.rescheduleTriggeredAt
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function left(admin: Tier, workload: typeof hello): Promise<void> {
  await admin.ports.federation().taint('aks1', taint, signal);
  const expect = 'without-victim';
  await look(kindOf('karmada/await-spread'), { ...workload, expect, cluster: 'aks1' }, contextOf(admin));
}

function tenant(): KubeObject[] {
  const labels = { app: 'other' };
  const [name, namespace] = ['other', 'tenant'];
  const weight = (cluster: string) => ({ targetCluster: { clusterNames: [cluster] }, weight: 1 });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name, image: 'registry.example.com/other:1' }] },
        },
      },
    },
    {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name, namespace },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name }],
        placement: {
          clusterAffinity: { clusterNames: ['aks1', 'aks2'] },
          replicaScheduling: {
            replicaSchedulingType: 'Divided',
            replicaDivisionPreference: 'Weighted',
            weightPreference: { staticWeightList: [weight('aks1'), weight('aks2')] },
          },
        },
      },
    },
  ];
}
