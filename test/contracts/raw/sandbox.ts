/** The sandbox's API servers with Karmada on them, for the raw contracts. */
import { Agent } from 'undici';
import { startKarmada } from '../../../lab/karmada/karmada.ts';
import { startApiServers } from '../../../lab/kubernetes/api-servers.ts';
import { createWorld } from '../../../lab/world.ts';
import type { Area } from './case.ts';
import type { Connection } from './connection.ts';

export interface RawSandbox {
  connections: Record<Area['plane'], Connection>;
  close(): Promise<void>;
}

export async function openRawSandbox(): Promise<RawSandbox> {
  const world = createWorld({ members: ['aks1'], settings: { podStartMs: 100, podStopMs: 50 } });
  // A federation without any member words its refusals otherwise.
  world.federation.create('cluster.karmada.io/clusters', {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'aks1' },
    spec: { syncMode: 'Pull' },
  });
  const servers = await startApiServers(world);
  const stopKarmada = startKarmada(world);
  const agent = new Agent();
  const headers = { authorization: `Bearer ${world.adminToken}` };
  const connection = (plane: string): Connection => ({
    url: servers[plane]!.url,
    administrator: { dispatcher: agent, headers },
    nobody: agent,
  });
  return {
    connections: { member: connection('aks1'), federation: connection('federation') },
    async close() {
      stopKarmada();
      world.stop();
      await Promise.all(Object.values(servers).map((server) => server.close()));
      await agent.destroy();
    },
  };
}
