import { afterEach, expect, test } from '@jest/globals';
import { startKarmada } from '../../../lab/karmada/karmada.ts';
import { seedSecondTenant } from '../../../lab/karmada/second-tenant.ts';
import {
  applyHello,
  binding,
  cluster,
  helloLab,
  join,
  type Lab,
  MEMBERS,
  NO_EXECUTE,
  object,
  ready,
  scheduled,
  startLab,
  taint,
} from './lab.ts';

let lab: Lab;
afterEach(() => lab.stop());

test('a Cluster that joins: execution space, Ready, nodes, resources, API enablements, version', () => {
  lab = startLab();
  join(lab, 'aks1');
  const { status, spec } = cluster(lab, 'aks1');
  expect(lab.federation.get('core/namespaces', undefined, 'karmada-es-aks1')).toBeDefined();
  expect(status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', reason: 'ClusterReady' }),
  );
  expect(status?.nodeSummary).toEqual({ totalNum: 3, readyNum: 3 });
  expect(status?.resourceSummary?.allocatable).toMatchObject({ cpu: '12', pods: '330' });
  expect(status?.apiEnablements?.map(({ groupVersion }) => groupVersion)).toContain('apps/v1');
  expect(status?.kubernetesVersion).toBe('v1.35.4');
  expect(spec.taints ?? []).toEqual([]);
});

test.each([
  ['an address nobody answers at', { apiEndpoint: 'http://nowhere' }, 'ClusterNotReachable'],
  ['no secret named', { secretRef: undefined }, 'StatusCollectionFailed'],
  [
    'a secret that is not there',
    { secretRef: { namespace: 'karmada-cluster', name: 'x' } },
    'StatusCollectionFailed',
  ],
  ['a token it does not know', { secretRef: { namespace: 'default', name: 'wrong' } }, 'ClusterNotReachable'],
])('%s: stays Ready=False with the reason, and tainted', (_what, wrong, reason) => {
  lab = startLab();
  join(lab, 'aks2');
  const secret = object('v1', 'Secret', { name: 'wrong', namespace: 'default' });
  secret.data = { token: Buffer.from('not-a.real.token').toString('base64') };
  lab.federation.create('core/secrets', secret);
  const joined = cluster(lab, 'aks2');
  const broken = object('cluster.karmada.io/v1alpha1', 'Cluster', { name: 'aks1' });
  broken.spec = { ...joined.spec, ...wrong };
  lab.federation.create('cluster.karmada.io/clusters', broken);
  lab.clock.advance(60_000);
  expect(cluster(lab, 'aks1').status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason }]);
  expect(cluster(lab, 'aks1').spec.taints).toMatchObject([{ key: 'cluster.karmada.io/not-ready' }]);
});

test('applied before any member joined: NoClusterFit, then placed on the first that comes', () => {
  lab = startLab();
  applyHello(lab);
  lab.clock.advance(5000);
  expect(binding(lab).status?.conditions).toContainEqual(expect.objectContaining({ reason: 'NoClusterFit' }));
  join(lab, 'k3s');
  lab.clock.advance(10_000);
  expect(scheduled(lab)).toBe('0/0/9');
});

test('unjoin: the execution space goes, and with it what was propagated; the others take the replicas', () => {
  lab = helloLab();
  lab.federation.remove('cluster.karmada.io/clusters', undefined, 'aks1');
  lab.clock.advance(15_000);
  expect(cluster(lab, 'aks1')).toBeUndefined();
  expect(lab.federation.get('core/namespaces', undefined, 'karmada-es-aks1')).toBeUndefined();
  expect(lab.world.members.aks1?.get('apps/deployments', 'demo', 'hello')).toBeUndefined();
  expect(ready(lab)).toBe('0/7/2');
});

test('joined again: nothing moves by itself', () => {
  lab = helloLab();
  lab.federation.remove('cluster.karmada.io/clusters', undefined, 'aks1');
  lab.clock.advance(15_000);
  lab.federation.remove('core/secrets', 'karmada-cluster', 'aks1');
  join(lab, 'aks1');
  lab.clock.advance(15_000);
  expect(scheduled(lab)).toBe('0/7/2');
  expect(lab.world.members.aks1?.get('core/services', 'demo', 'hello')).toBeDefined();
});

test('the federated second tenant is there as soon as its members are, and a taint of aks1 hits it as well', () => {
  lab = startLab();
  seedSecondTenant(lab.world);
  join(lab, 'aks1');
  expect(lab.federation.get('core/namespaces', undefined, 'billing')).toBeUndefined();
  join(lab, 'aks2', 'k3s');
  lab.clock.advance(5000);
  const invoices = () => binding(lab, 'invoices-deployment', 'billing').spec.clusters;
  expect(invoices()).toEqual([
    { name: 'aks1', replicas: 2 },
    { name: 'aks2', replicas: 2 },
  ]);
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(5000);
  expect(invoices()).toEqual([{ name: 'aks2', replicas: 4 }]);
});

test('the template is deleted: so are bindings, Works and what the members run', () => {
  lab = helloLab();
  lab.federation.remove('apps/deployments', 'demo', 'hello');
  lab.clock.advance(5000);
  expect(binding(lab)).toBeUndefined();
  expect(ready(lab)).toBe('0/0/0');
  expect(
    lab.federation.list('work.karmada.io/works').filter(({ metadata }) => /deployment/.test(metadata.name)),
  ).toEqual([]);
});

test('the policy is deleted: what it propagated stays', () => {
  lab = helloLab();
  lab.federation.remove('policy.karmada.io/propagationpolicies', 'demo', 'hello');
  lab.clock.advance(5000);
  expect(ready(lab)).toBe('5/3/1');
  const labels = lab.federation.get('apps/deployments', 'demo', 'hello')?.metadata.labels ?? {};
  expect(Object.keys(labels)).toEqual(['app']);
});

test('propagateDeps: a ConfigMap follows the workload to the clusters it is on', () => {
  lab = startLab();
  join(lab, ...MEMBERS);
  applyHello(lab);
  const config = object('v1', 'ConfigMap', { name: 'page', namespace: 'demo' });
  config.data = { title: 'hello' };
  lab.federation.create('core/configmaps', config);
  lab.federation.update('apps/deployments', 'demo', 'hello', ({ spec }) => {
    spec.template.spec.volumes = [{ name: 'page', configMap: { name: 'page' } }];
  });
  lab.federation.update('policy.karmada.io/propagationpolicies', 'demo', 'hello', ({ spec }) => {
    spec.propagateDeps = true;
  });
  lab.clock.advance(10_000);
  const on = () => MEMBERS.filter((name) => lab.world.members[name]?.get('core/configmaps', 'demo', 'page'));
  expect(on()).toEqual(MEMBERS);
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(10_000);
  expect(on()).toEqual(['aks2', 'k3s']);
});

test('stopped and started again, it goes on from what the stores say and moves nothing', () => {
  lab = helloLab();
  const { world, clock, federation } = lab;
  lab.stop();
  const stop = startKarmada(world);
  clock.advance(20_000);
  expect(scheduled(lab)).toBe('5/3/1');
  expect(federation.get('apps/deployments', 'demo', 'hello')?.status.readyReplicas).toBe(9);
  stop();
});

test('an object of the same name that is not Karmada’s is left alone, and the binding says so', () => {
  lab = startLab();
  join(lab, ...MEMBERS);
  const own = object('v1', 'Service', { name: 'hello', namespace: 'demo' });
  own.spec = { selector: { app: 'other' }, ports: [{ port: 8080 }] };
  lab.world.members.aks1?.create('core/namespaces', object('v1', 'Namespace', { name: 'demo' }));
  lab.world.members.aks1?.create('core/services', own);
  applyHello(lab);
  lab.clock.advance(5000);
  expect(lab.world.members.aks1?.get('core/services', 'demo', 'hello')?.spec.selector).toEqual({
    app: 'other',
  });
  const [aks1] = binding(lab, 'hello-service').status?.aggregatedStatus ?? [];
  expect(aks1?.appliedMessage).toContain('already exist');
});
