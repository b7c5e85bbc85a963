/**
 * A token the member no longer takes: Karmada only says, half a minute later, that the cluster is not reachable;
 * joining again notices at once and mends it.
 */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { kindOf } from './kinds.ts';
import { contextOf, deploy, look, openSandbox, perform, type Sandbox } from './sandbox.ts';

const { signal } = new AbortController();
const secrets = { apiVersion: 'v1', kind: 'Secret', namespace: 'karmada-cluster' };
const accounts = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'karmada-cluster' };

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
  await deploy(sandbox);
});
afterEach(() => sandbox.close());

const join = async () =>
  (await perform(kindOf('karmada/join'), { cluster: 'k3s' }, contextOf(sandbox))).output;
it.each([
  { lost: 'the Secret of its token', ref: { ...secrets, name: 'karmada-k3s' } },
  { lost: 'the account itself', ref: { ...accounts, name: 'karmada-k3s' } },
])('$lost is gone from the member: joined again, the token is renewed and nothing else', async ({ ref }) => {
  expect(await join()).toEqual({ joined: false, renewed: false });
  const cluster = (await sandbox.ports.federation().clusters(signal)).find(({ name }) => name === 'k3s');
  await sandbox.ports.member('k3s').remove(ref, signal);
  await sandbox.ports.federation().scale({ namespace: 'demo', name: 'hello' }, 18, signal);
  expect(await join()).toEqual({ joined: false, renewed: true });
  const spread = { aks1: 10, aks2: 6, k3s: 2 };
  const hello = { workload: 'deployment/hello', expect: spread };
  await look(kindOf('karmada/await-spread'), hello, contextOf(sandbox));
  const after = (await sandbox.ports.federation().clusters(signal)).find(({ name }) => name === 'k3s');
  expect(after).toMatchObject({ name: cluster!.name, labels: cluster!.labels, syncMode: 'Push' });
  const stored = await sandbox.ports.federation().read({ ...secrets, name: 'k3s' }, signal);
  expect(stored?.metadata.ownerReferences).toMatchObject([{ kind: 'Cluster', name: 'k3s' }]);
  expect(await join()).toEqual({ joined: false, renewed: false });
});

it('a Secret on the federation that somebody has spoilt is renewed too, and a Cluster that is well is left alone', async () => {
  const federation = sandbox.ports.federation();
  await federation.patch({ ...secrets, name: 'k3s' }, { data: { token: 'c3BvaWx0' } }, signal);
  expect(await join()).toEqual({ joined: false, renewed: true });
  const versions = async () =>
    Promise.all(
      ['k3s', 'k3s-impersonator'].map(
        async (name) => (await federation.read({ ...secrets, name }, signal))?.metadata.resourceVersion,
      ),
    );
  const known = await versions();
  expect(await join()).toEqual({ joined: false, renewed: false });
  expect(await versions()).toEqual(known);
});
