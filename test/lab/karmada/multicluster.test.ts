/** Multi-cluster Services as Karmada 1.18 makes them: what lands on an importing member, and what goes again. */
import { afterEach, expect, test } from '@jest/globals';
import { resolveName } from '../../../lab/inside/names.ts';
import type { KubeObject } from '../../../lab/store.ts';
import { binding, cluster, helloLab, type Lab, MEMBERS, object } from './lab.ts';

let lab: Lab;
afterEach(() => lab.stop());

const MCS = 'multicluster.x-k8s.io/v1alpha1';
const SLICES = 'discovery.k8s.io/endpointslices';
const toleration = [{ operator: 'Exists', effect: 'NoExecute' }];

function policy(
  kind: string,
  name: string,
  selectors: object[],
  clusterNames: string[],
  more: object = {},
): void {
  const namespaced = kind === 'PropagationPolicy';
  const made = object('policy.karmada.io/v1alpha1', kind, { name, ...(namespaced && { namespace: 'demo' }) });
  made.spec = {
    resourceSelectors: selectors,
    placement: { clusterAffinity: { clusterNames }, clusterTolerations: toleration },
    ...more,
  };
  const plural = namespaced ? 'propagationpolicies' : 'clusterpropagationpolicies';
  lab.federation.create(`policy.karmada.io/${plural}`, made);
}

const crdSelectors = ['serviceexports', 'serviceimports'].map((plural) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: `${plural}.multicluster.x-k8s.io`,
}));

const propagateApis = () => policy('ClusterPropagationPolicy', 'apis', crdSelectors, MEMBERS);

function exportHello(from: string[], to: string[]): void {
  lab.federation.create('multicluster.x-k8s.io/serviceexports', {
    ...object(MCS, 'ServiceExport', { name: 'hello', namespace: 'demo' }),
  });
  policy('PropagationPolicy', 'export', [{ apiVersion: MCS, kind: 'ServiceExport', name: 'hello' }], from);
  const imported = object(MCS, 'ServiceImport', { name: 'hello', namespace: 'demo' });
  imported.spec = { type: 'ClusterSetIP', ports: [{ port: 80, protocol: 'TCP' }] };
  lab.federation.create('multicluster.x-k8s.io/serviceimports', imported);
  policy('PropagationPolicy', 'import', [{ apiVersion: MCS, kind: 'ServiceImport', name: 'hello' }], to);
}

const enablements = (name: string) =>
  cluster(lab, name).status?.apiEnablements?.map(({ groupVersion }) => groupVersion) ?? [];

const derivedSlices = (member: string): KubeObject[] =>
  lab.world.members[member]!.list(SLICES, { labels: { 'kubernetes.io/service-name': 'derived-hello' } });

/** Everything of the multi-cluster APIs and their doings, by plane. */
const traces = (): string[] =>
  Object.entries(lab.world.planes)
    .flatMap(([plane, { store }]) =>
      store.state().objects.map(([resource, { metadata }]) => `${plane} ${resource} ${metadata.name}`),
    )
    .filter((line) => /imported-|derived-|x-k8s|aks\d-hello-/.test(line))
    .toSorted();

test('an export and an import: a derived Service with one address, and the slices of every exporting member', () => {
  lab = helloLab();
  expect(enablements('k3s')).not.toContain(MCS);
  propagateApis();
  lab.clock.advance(15_000);
  for (const name of MEMBERS) expect(enablements(name)).toContain(MCS);

  exportHello(['aks1', 'aks2'], ['k3s']);
  lab.clock.advance(3000);
  const k3s = lab.world.members.k3s!;
  const derived = k3s.get('core/services', 'demo', 'derived-hello')!;
  expect(derived.spec.selector).toBeUndefined();
  expect(derived.spec.ports).toMatchObject([{ port: 80, targetPort: 80 }]);
  expect(k3s.get('multicluster.x-k8s.io/serviceimports', 'demo', 'hello')).toBeDefined();
  const own = (member: string) =>
    lab.world.members[member]!.list(SLICES, { labels: { 'kubernetes.io/service-name': 'hello' } })[0]!;
  const slices = derivedSlices('k3s');
  expect(slices.map(({ metadata }) => metadata.name).toSorted()).toEqual([
    `imported-aks1-${own('aks1').metadata.name}`,
    `imported-aks2-${own('aks2').metadata.name}`,
  ]);
  expect(slices.map(({ endpoints }) => endpoints.length).toSorted()).toEqual([3, 5]);
  expect(slices[0]!.metadata.labels).toMatchObject({
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.karmada.io',
    'karmada.io/managed': 'true',
  });
  expect(derivedSlices('aks1')).toEqual([]);
  expect(resolveName('hello.demo.svc.clusterset.local', k3s)).toEqual({
    found: 'addresses',
    addresses: [derived.spec.clusterIP],
  });
});

test('endpoints follow the pods of the member they come from', () => {
  lab = helloLab();
  propagateApis();
  lab.clock.advance(15_000);
  exportHello(['aks1'], ['k3s']);
  lab.clock.advance(3000);
  const ready = () =>
    derivedSlices('k3s')
      .flatMap(({ endpoints }) => endpoints)
      .filter(({ conditions }) => conditions.ready).length;
  expect(ready()).toBe(5);
  for (const node of lab.world.members.aks1!.list('core/nodes'))
    lab.world.members.aks1!.update('core/nodes', undefined, node.metadata.name, ({ spec }) => {
      spec.unschedulable = true;
    });
  for (const { metadata } of lab.world.members.aks1!.list('core/pods', { labels: { app: 'hello' } }))
    lab.world.members.aks1!.remove('core/pods', 'demo', metadata.name);
  lab.clock.advance(5000);
  expect(ready()).toBe(0);
});

test('too early, the scheduler finds no cluster that knows the kind, and never tries again', () => {
  lab = helloLab();
  exportHello(['aks1', 'aks2'], ['k3s']);
  lab.clock.advance(500);
  propagateApis();
  lab.clock.advance(90_000);
  expect(enablements('k3s')).toContain(MCS);
  expect(binding(lab, 'hello-serviceexport').status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Scheduled', status: 'False', reason: 'NoClusterFit' }),
  );
  expect(derivedSlices('k3s')).toEqual([]);
});

test('what goes: the export takes the slices, the import the derived Service, the policy and binding the APIs', () => {
  lab = helloLab();
  const before = traces();
  propagateApis();
  lab.clock.advance(15_000);
  exportHello(['aks1', 'aks2'], MEMBERS);
  lab.clock.advance(3000);
  expect(MEMBERS.map((name) => derivedSlices(name).length)).toEqual([2, 2, 2]);
  const owned = lab.world.members.aks1!.list(SLICES, { labels: { 'kubernetes.io/service-name': 'hello' } });
  for (const [resource, name] of [
    ['policy.karmada.io/propagationpolicies', 'export'],
    ['multicluster.x-k8s.io/serviceexports', 'hello'],
  ] as const)
    lab.federation.remove(resource, 'demo', name);
  lab.clock.advance(3000);
  expect(derivedSlices('k3s')).toEqual([]);
  // Collected or not, it is the member's own.
  expect(lab.world.members.aks1!.list(SLICES, { labels: { 'kubernetes.io/service-name': 'hello' } })).toEqual(
    owned,
  );
  lab.federation.remove('policy.karmada.io/propagationpolicies', 'demo', 'import');
  lab.federation.remove('multicluster.x-k8s.io/serviceimports', 'demo', 'hello');
  lab.clock.advance(3000);
  lab.federation.remove('policy.karmada.io/clusterpropagationpolicies', undefined, 'apis');
  lab.clock.advance(1000);
  for (const { name } of crdSelectors)
    lab.federation.remove(
      'work.karmada.io/clusterresourcebindings',
      undefined,
      `${name}-customresourcedefinition`,
    );
  lab.clock.advance(3000);
  expect(traces()).toEqual(before);
});

const consumed = (member: string): KubeObject[] =>
  lab.world.members[member]!.list(SLICES, {
    labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-dispatch-controller.karmada.io' },
  });

function shareHello(): void {
  const service = object('networking.karmada.io/v1alpha1', 'MultiClusterService', {
    name: 'hello',
    namespace: 'demo',
  });
  service.spec = {
    types: ['CrossCluster'],
    providerClusters: [{ name: 'aks1' }, { name: 'aks2' }],
    consumerClusters: [{ name: 'k3s' }, { name: 'aks2' }],
  };
  lab.federation.create('networking.karmada.io/multiclusterservices', service);
}

test("a MultiClusterService: the providers' slices under each consumer's own Service, and all of it goes again", () => {
  lab = helloLab();
  const before = { traces: traces(), binding: binding(lab, 'hello-service').spec.placement };
  shareHello();
  lab.clock.advance(3000);
  const own = (member: string) =>
    lab.world.members[member]!.list(SLICES, { labels: { 'kubernetes.io/service-name': 'hello' } }).find(
      ({ metadata }) => metadata.ownerReferences,
    )!;
  expect(
    consumed('k3s')
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  ).toEqual([`aks1-${own('aks1').metadata.name}`, `aks2-${own('aks2').metadata.name}`]);
  expect(consumed('k3s').map(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'])).toEqual([
    'hello',
    'hello',
  ]);
  expect(consumed('aks2').map(({ metadata }) => metadata.name)).toEqual([
    `aks1-${own('aks1').metadata.name}`,
  ]);
  expect(consumed('aks1')).toEqual([]);
  const service = lab.federation.get('core/services', 'demo', 'hello')!;
  expect(service.metadata.labels).toMatchObject({
    'resourcetemplate.karmada.io/claimed-by': 'MultiClusterService',
  });
  const shared = lab.federation.get('networking.karmada.io/multiclusterservices', 'demo', 'hello')!;
  expect(shared.status.conditions).toMatchObject([
    { type: 'ServiceApplied', status: 'True' },
    { type: 'EndpointSliceDispatched', status: 'True' },
  ]);

  lab.federation.remove('networking.karmada.io/multiclusterservices', 'demo', 'hello');
  lab.clock.advance(3000);
  expect(traces()).toEqual(before.traces);
  expect(binding(lab, 'hello-service').spec.placement).toEqual(before.binding);
  expect(own('aks1').endpoints).toHaveLength(5);
});

test('without the gate a MultiClusterService does nothing', () => {
  lab = helloLab({ settings: { multiClusterService: false } });
  shareHello();
  lab.clock.advance(3000);
  expect(consumed('k3s')).toEqual([]);
});
