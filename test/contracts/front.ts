/** Three members with the application, their entry points and the emulated Front Door, as a fleet file sees them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, fleet as fleetSchema } from '../../dsl/fleet.ts';
import { type Edge, startEdge } from '../../lab/edge/edge.ts';
import { createFaults, type Faults } from '../../lab/faults.ts';
import { names } from '../../lab/front-door/operator.ts';
import type { FrontDoorSettings } from '../../lab/front-door/settings.ts';
import { type FrontDoor, RESOURCE_GROUP, SUBSCRIPTION, startFrontDoor } from '../../lab/front-door/start.ts';
import { createStore, type MemoryStore } from '../../lab/kubernetes/store.ts';
import { addHello, HOST } from '../lab/edge/hello.ts';

export type Tier = 'standard' | 'classic';

export interface Front {
  folder: string;
  members: Record<string, MemoryStore>;
  faults: Faults;
  edge: Edge;
  frontDoor: FrontDoor;
  fleet(tier: Tier): Fleet;
  close(): Promise<void>;
}

const quick: Partial<FrontDoorSettings> = {
  operationMs: 60,
  rolloutMs: 30,
  probeTimeoutMs: 500,
  probeIntervalSeconds: 1,
};

export async function openFront(settings: Partial<FrontDoorSettings> = {}): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-front-'));
  const members = Object.fromEntries(['aks1', 'aks2', 'k3s'].map((name) => [name, createStore(name)]));
  for (const store of Object.values(members)) addHello(store, 2);
  const faults = createFaults();
  const edge = await startEdge({ members, faults }, { folder });
  const frontDoor = await startFrontDoor(
    { faults },
    {
      folder,
      host: HOST,
      firstBackend: `127.0.0.1:${edge.ports.aks1}`,
      settings: { ...quick, ...settings },
    },
  );
  const front: Front = {
    folder,
    members,
    faults,
    edge,
    frontDoor,
    fleet: (tier) => fleetOf(folder, tier),
    async close() {
      // The one that runs now: a test may have started another.
      await Promise.all([edge.close(), front.frontDoor.close()]);
      rmSync(folder, { recursive: true });
    },
  };
  return front;
}

function fleetOf(folder: string, tier: Tier): Fleet {
  const member = (name: string) => ({
    server: 'http://127.0.0.1:1',
    entry: { url: { file: `${name}.url` }, host: HOST },
  });
  const azure = {
    subscription: SUBSCRIPTION,
    resourceGroup: RESOURCE_GROUP,
    management: { file: 'management.url' },
    token: { file: 'azure.token' },
    backends: { aks1: 'aks1', aks2: 'aks2', k3s: 'k3s' },
    pops: 3,
  };
  const { profile, endpoint, originGroup, frontDoor, backendPool } = names;
  const loadBalancer =
    tier === 'standard'
      ? {
          kind: 'front-door-standard',
          ...azure,
          client: { url: { file: 'front-door.url' }, host: HOST },
          profile,
          endpoint,
          originGroup,
          route: 'all',
        }
      : {
          kind: 'front-door-classic',
          ...azure,
          client: { url: { file: 'front-door-classic.url' }, host: HOST },
          frontDoor,
          backendPool,
        };
  const parsed = fleetSchema.parse({
    name: 'test',
    tier: 'sandbox',
    production: false,
    members: { aks1: member('aks1'), aks2: member('aks2'), k3s: member('k3s') },
    loadBalancer,
    identity: {
      routed: { header: 'x-routed-cluster' },
      served: { header: 'x-cluster' },
      pod: { header: 'x-pod' },
      node: { header: 'x-node' },
    },
    allowHosts: [HOST],
  });
  return { ...parsed, file: join(folder, 'fleet.yaml') };
}
