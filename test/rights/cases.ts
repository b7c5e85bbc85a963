/** Every kind that asks something of a Kubernetes API, with inputs that make it use all of its rights. */
import type { KubeObject } from '../../activities/ports/plane.ts';
import { kindOf } from '../clusters/kinds.ts';
import { contextOf, look, perform } from '../clusters/sandbox.ts';
import type { Tier } from './account.ts';
import { away, awayAndBack, hello, moved, other, rebalanced } from './fleet-state.ts';
import type { Case } from './phases.ts';

const configMap = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'demo' },
  data: { key: 'value' },
});

async function joined(admin: Tier): Promise<void> {
  await perform(kindOf('karmada/join'), { cluster: 'k3s' }, contextOf(admin));
  await look(kindOf('karmada/await-clusters'), { clusters: ['k3s'] }, contextOf(admin));
}

const of = (name: string, given: object, more: Partial<Case> = {}, suffix = ''): Case => ({
  title: `${name}${suffix}`,
  kind: kindOf(name),
  with: given,
  ...more,
});

/** On a fleet to which nothing is deployed: what carries Works is not unjoined by an undo. */
export const membership: Case[] = [
  of('karmada/join', { cluster: 'k3s' }, { again: true }),
  of('karmada/unjoin', { cluster: 'k3s' }, { meanwhile: { snapshot: joined } }),
];

/** On a fleet on which hello and another tenant are steady. */
export const looks: Case[] = [
  of('karmada/watch-tenants', { besides: 'demo', expect: 'whole' }),
  of('kubernetes/check-ingress', { cluster: 'aks1' }),
  of('karmada/check-override', { ...hello, cluster: 'aks1', path: 'spec.replicas', value: 5 }),
  of('karmada/await-clusters', {}, { looks: [{ name: 'never', with: { ready: false }, inVain: true }] }),
  of(
    'kubernetes/await-pods',
    { cluster: 'aks2', ...hello, ready: 3 },
    { looks: [{ name: 'never', with: { cluster: 'aks2', ...hello, ready: 99 }, inVain: true }] },
  ),
  of(
    'karmada/await-spread',
    { ...hello, expect: 'without-victim', cluster: 'aks1' },
    {
      looks: [
        { name: 'never', with: { ...hello, expect: { aks1: 9 } }, inVain: true },
        { name: 'steady', with: { ...hello, expect: 'steady' } },
      ],
      meanwhile: { look: rebalanced },
      faulty: true,
    },
  ),
];

export const acts: Case[] = [
  of('kubernetes/apply', { cluster: 'aks2', manifests: [configMap('rights')] }),
  of('karmada/apply', { manifests: [configMap('rights'), configMap('rights-too')] }),
  of('kubernetes/cordon', { cluster: 'aks2' }),
  of('kubernetes/drain', { cluster: 'aks1' }, { victim: 'aks1' }, ' evict'),
  of('kubernetes/drain', { cluster: 'aks1', mode: 'delete' }, { victim: 'aks1' }, ' delete'),
  of('kubernetes/scale-nodes', { cluster: 'aks1', to: 0 }, { victim: 'aks1' }),
];

const byHand = { victim: 'aks1', meanwhile: { undo: (admin: Tier) => awayAndBack(admin, other) } };

/** What moves replicas by the drill's own hand. */
export const moves: Case[] = [
  of('karmada/rebalance', { ...hello, by: 'rebalancer' }, { meanwhile: { snapshot: away } }, ' rebalancer'),
  of('karmada/rebalance', { ...hello, by: 'surge' }, { meanwhile: { snapshot: away } }, ' surge'),
  of(
    'karmada/evacuate',
    { ...hello, cluster: 'aks1', by: 'taint' },
    { victim: 'aks1', meanwhile: { compare: moved } },
    ' taint',
  ),
  of('karmada/evacuate', { ...hello, cluster: 'aks1', by: 'placement' }, byHand, ' placement'),
  of('karmada/evacuate', { ...hello, cluster: 'aks1', by: 'surge' }, byHand, ' surge'),
];
