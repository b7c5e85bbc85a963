import type { Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { DEPLOYMENTS, deployment } from '../objects.ts';

const POLICIES = '/apis/policy.karmada.io/v1alpha1/namespaces/{own}/propagationpolicies';
const BINDINGS = '/apis/work.karmada.io/v1alpha2/namespaces/{own}/resourcebindings';
const REBALANCERS = '/apis/apps.karmada.io/v1alpha1/workloadrebalancers';

const policy = (clusterNames: string[]): Any => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'a' },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }],
    placement: { clusterAffinity: { clusterNames } },
  },
});

/** A Deployment that fits nowhere: its binding is made and stays unscheduled. */
async function bound(api: Api): Promise<void> {
  await api.post(DEPLOYMENTS, deployment('a', 2));
  await api.post(POLICIES, policy(['no-such-member']));
  await until(
    () => api.get(`${BINDINGS}/a-deployment`),
    ({ body }) => body.status?.conditions?.some((one: Any) => one.type === 'Scheduled'),
  );
}

const rebalancer = (spec: object): Any => ({
  apiVersion: 'apps.karmada.io/v1alpha1',
  kind: 'WorkloadRebalancer',
  metadata: { name: '{own}' },
  spec,
});

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: '{own}', name: 'a' };

export const bindings: Area = {
  title: 'Bindings and rebalancers',
  plane: 'federation',
  cases: {
    async 'a binding of a workload that fits nowhere'(api) {
      await bound(api);
      const { body } = await api.get(`${BINDINGS}/a-deployment`);
      const { labels, annotations, finalizers, ownerReferences } = body.metadata;
      return { labels, annotations, finalizers, ownerReferences, spec: body.spec };
    },
    async 'why it fits nowhere'(api) {
      await bound(api);
      const { body } = await api.get(`${BINDINGS}/a-deployment`);
      const condition = body.status.conditions.find((one: Any) => one.type === 'Scheduled');
      // Other cases have clusters of their own, which are counted too.
      condition.message = condition.message.replaceAll(/\d+/g, '<count>');
      return { condition, observed: body.status.schedulerObservedGeneration === body.metadata.generation };
    },
    async 'the marks of its template'(api) {
      await bound(api);
      const { labels, annotations, finalizers } = (await api.get(`${DEPLOYMENTS}/a`)).body.metadata;
      return { labels, annotations, finalizers: finalizers ?? 'none' };
    },
    async 'its id stays'(api) {
      await bound(api);
      const label = 'resourcebinding.karmada.io/permanent-id';
      const answer = await api.patch(`${BINDINGS}/a-deployment`, 'merge', {
        metadata: { labels: { [label]: 'mine' } },
      });
      return {
        status: answer.status,
        message: answer.body.message,
        label: answer.body.metadata?.labels?.[label],
      };
    },
    async 'goes with its template'(api) {
      await bound(api);
      await api.delete(`${DEPLOYMENTS}/a`);
      const { status } = await until(
        () => api.get(`${BINDINGS}/a-deployment`),
        (seen) => seen.status === 404,
      );
      return status;
    },
    async 'and its policy is taken away'(api) {
      await bound(api);
      await api.delete(`${POLICIES}/a`);
      const { body } = await until(
        () => api.get(`${DEPLOYMENTS}/a`),
        (seen) => !seen.body.metadata.labels?.['propagationpolicy.karmada.io/permanent-id'],
      );
      const binding = await api.get(`${BINDINGS}/a-deployment`);
      return { labels: body.metadata.labels ?? 'none', binding: binding.status };
    },
    'one that is not there': (api) => api.get(`${BINDINGS}/none`),
    async 'a rebalancer'(api) {
      const { status, body } = await api.post(REBALANCERS, rebalancer({ workloads: [workload] }));
      return { status, metadata: body.metadata, spec: body.spec };
    },
    async 'a rebalancer of what is not there'(api) {
      await api.post(REBALANCERS, rebalancer({ workloads: [workload] }));
      const { body } = await until(
        () => api.get(`${REBALANCERS}/{own}`),
        (seen) =>
          seen.body.status?.finishTime !== undefined || seen.body.status?.observedWorkloads !== undefined,
      );
      return body.status;
    },
    async 'a rebalancer of what is there'(api) {
      await bound(api);
      await api.post(REBALANCERS, rebalancer({ workloads: [workload] }));
      const { body } = await until(
        () => api.get(`${REBALANCERS}/{own}`),
        (seen) => seen.body.status?.finishTime !== undefined,
      );
      const binding = await api.get(`${BINDINGS}/a-deployment`);
      return { status: body.status, triggered: binding.body.spec.rescheduleTriggeredAt };
    },
    'a rebalancer of nothing': (api) => api.post(REBALANCERS, rebalancer({ workloads: [] })),
    'a rebalancer without workloads': (api) => api.post(REBALANCERS, rebalancer({})),
    'a workload without a name': (api) =>
      api.post(REBALANCERS, rebalancer({ workloads: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] })),
    async 'a rebalancer goes by itself'(api) {
      await bound(api);
      await api.post(REBALANCERS, rebalancer({ workloads: [workload], ttlSecondsAfterFinished: 0 }));
      const { status } = await until(
        () => api.get(`${REBALANCERS}/{own}`),
        (seen) => seen.status === 404,
      );
      return status;
    },
    'resources of the work API': async (api) => {
      const { body } = await api.get('/apis/work.karmada.io/v1alpha2');
      return body.resources
        .map(({ storageVersionHash: _hash, verbs, ...entry }: Any) => ({
          ...entry,
          verbs: [...verbs].sort(),
        }))
        .sort((a: Any, b: Any) => (a.name < b.name ? -1 : 1));
    },
    'resources of the policy API': async (api) => {
      const { body } = await api.get('/apis/policy.karmada.io/v1alpha1');
      const wanted = [
        'propagationpolicies',
        'clusterpropagationpolicies',
        'overridepolicies',
        'clustertaintpolicies',
      ];
      return body.resources
        .filter(({ name }: Any) => wanted.includes(name))
        .map(({ storageVersionHash: _hash, verbs, ...entry }: Any) => ({
          ...entry,
          verbs: [...verbs].sort(),
        }))
        .sort((a: Any, b: Any) => (a.name < b.name ? -1 : 1));
    },
  },
};
