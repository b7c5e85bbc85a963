/** The member contract on a real cluster of the rig. */
import { KubeConfig } from '@kubernetes/client-node';
import { createMemberCluster } from '../../adapters/kubernetes/member.ts';
import { memberContract } from '../contracts/member.ts';
import { applyAs, tokenOfReader } from '../contracts/reader.ts';
import { rigConnections, rigKubeconfig } from './planes.ts';

const entry = () => ({ url: 'http://127.0.0.1/', host: 'hello.example.com' });

function administrator(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(rigKubeconfig());
  config.setCurrentContext('aks1');
  return config;
}

/** The same cluster, trusted as the administrator trusts it, by a bearer token. */
function withToken(token: string, server?: string): KubeConfig {
  const cluster = administrator().getCurrentCluster()!;
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ ...cluster, ...(server && { server }) }, { name: 'user', token });
  return config;
}

memberContract('rig', async () => {
  const member = createMemberCluster('aks1', administrator(), entry);
  const { member: connection } = rigConnections();
  const token = await tokenOfReader(member);
  const { signal } = new AbortController();
  return {
    member,
    reader: createMemberCluster('aks1', withToken(token), entry),
    stranger: createMemberCluster('aks1', withToken('nobody-knows-it'), entry),
    nowhere: createMemberCluster('aks1', withToken('any', 'https://127.0.0.1:9'), entry),
    applyAsOther: (object) => applyAs('somebody-else', connection, object),
    async close() {
      const rbac = 'rbac.authorization.k8s.io/v1';
      await member.remove({ apiVersion: 'v1', kind: 'Namespace', name: 'contract' }, signal);
      await member.remove({ apiVersion: rbac, kind: 'ClusterRoleBinding', name: 'reader' }, signal);
      await member.remove({ apiVersion: rbac, kind: 'ClusterRole', name: 'reader' }, signal);
      for (const kind of ['Secret', 'ServiceAccount'])
        await member.remove({ apiVersion: 'v1', kind, namespace: 'default', name: 'reader' }, signal);
    },
  };
});
