import { KubeConfig } from '@kubernetes/client-node';
import type { KubeObject } from '../../activities/ports/plane.ts';
import { createMemberCluster } from '../../adapters/kubernetes/member.ts';
import { openSandbox } from '../clusters/sandbox.ts';
import { memberContract } from './member.ts';

function configOf(server: string, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'aks1', server, skipTLSVerify: true }, { name: 'user', token });
  return config;
}

const entry = () => ({ url: 'http://127.0.0.1/', host: 'hello.example.com' });

memberContract('sandbox', async () => {
  const sandbox = await openSandbox();
  const member = sandbox.ports.member('aks1');
  const { server } = member.endpoint();
  const open = (address: string, token: string) =>
    createMemberCluster('aks1', configOf(address, token), entry);
  const reader = await tokenOfReader(member);
  return {
    member,
    reader: open(server, reader),
    stranger: open(server, 'nobody-knows-it'),
    nowhere: open('http://127.0.0.1:9', 'any'),
    applyAsOther: (object) => applyAs('somebody-else', server, sandbox.world.adminToken, object),
    close: () => sandbox.close(),
  };
});

async function applyAs(manager: string, server: string, token: string, object: KubeObject): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${object.metadata.namespace}/deployments/${object.metadata.name}`;
  const answer = await fetch(`${server}${path}?fieldManager=${manager}&force=true`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A service account that may list and get, and nothing else. */
async function tokenOfReader(member: ReturnType<typeof createMemberCluster>): Promise<string> {
  const { signal } = new AbortController();
  const account = { name: 'reader', namespace: 'default' };
  const api = 'rbac.authorization.k8s.io/v1';
  const role = { name: 'reader' };
  const annotations = { 'kubernetes.io/service-account.name': 'reader' };
  const objects = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: api,
      kind: 'ClusterRole',
      metadata: role,
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: api,
      kind: 'ClusterRoleBinding',
      metadata: role,
      subjects: [{ kind: 'ServiceAccount', ...account }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { ...account, annotations },
    },
  ];
  for (const object of objects) await member.create(object, signal);
  const ref = { apiVersion: 'v1', kind: 'Secret', ...account };
  for (;;) {
    const token = (await member.read(ref, signal))?.['data']?.token;
    if (token) return Buffer.from(token, 'base64').toString();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
