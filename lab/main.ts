/**
 * The lab as a process: three clusters, a Karmada control plane and a Front Door, on 127.0.0.1. Writes the
 * addresses and credentials that `fleets/lab.yaml` refers to into `.firedrill/lab`, and goes on from what is
 * there: ports, objects, faults. Ends on SIGTERM and SIGINT.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { labErrors } from '../dsl/errors/lab.ts';
import { createControl } from './control.ts';
import { startEdge } from './edge/edge.ts';
import { startFrontDoor } from './front-door/start.ts';
import { type InsidePorts, startInside } from './inside/inside.ts';
import { defaultKarmadaSettings, startKarmada } from './karmada/karmada.ts';
import { seedSecondTenant } from './karmada/second-tenant.ts';
import { kubeconfig, startApiServers } from './kubernetes/api-servers.ts';
import { listen } from './kubernetes/listen.ts';
import type { ApiServer } from './kubernetes/server.ts';
import { pullingMembers } from './pull.ts';
import { keepState, readJson, writeAtomically } from './state-file.ts';
import { createWorld, type World, type WorldState, worldState } from './world.ts';

const HOST = 'hello.example.com';

interface Saved extends WorldState {
  karmada: typeof defaultKarmadaSettings;
}

type Ports = Record<'api' | 'edge' | 'frontDoor', Record<string, number>> & {
  inside: Record<string, InsidePorts>;
  control: number;
};

/** What `lab.json` holds. */
export interface LabRecord {
  pid: number;
  ports: Ports;
}

/** Karmada knows a member by the address in its Cluster object. */
function memberAt({ members }: World, servers: Record<string, ApiServer>) {
  return (address: string): string | undefined => {
    const origin = URL.canParse(address) ? new URL(address).origin : undefined;
    return Object.keys(members).find((name) => servers[name]?.url === origin);
  };
}

/** Starts everything; returns how to end it. */
export async function startLab(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const kept = readJson<LabRecord>(file('lab.json'))?.ports;
  const saved = readJson<Saved>(file('state.json'));
  const world = createWorld({ state: saved });
  const karmada = { ...defaultKarmadaSettings, ...saved?.karmada };

  const servers = await startApiServers(world, kept?.api);
  const edge = await startEdge(world, { folder, ports: kept?.edge ?? {} });
  const inside = await startInside(world, { folder, ports: kept?.inside ?? {} });
  const firstBackend = `127.0.0.1:${Object.values(edge.ports)[0]}`;
  const frontDoor = await startFrontDoor(world, {
    folder,
    ports: kept?.frontDoor ?? {},
    host: HOST,
    firstBackend,
  });
  const stopKarmada = startKarmada(world, {
    settings: karmada,
    memberAt: memberAt(world, servers),
    pull: pullingMembers(process.env, 'the lab', Object.keys(world.members)),
  });
  const stopTenant = seedSecondTenant(world);
  const keeping = keepState(file('state.json'), world, () => ({ ...worldState(world), karmada }));
  const control = createControl({
    world,
    karmada,
    log: edge.log,
    pops: frontDoor.pops,
    frontDoor: frontDoor.resources,
    configured: keeping.changed,
  });
  await listen(control, kept?.control ?? 0);
  const controlPort = (control.address() as AddressInfo).port;

  const api = Object.fromEntries(Object.entries(servers).map(([name, { port }]) => [name, port]));
  const ports: Ports = {
    api,
    edge: edge.ports,
    inside: inside.ports,
    frontDoor: frontDoor.ports,
    control: controlPort,
  };
  writeAtomically(file('kubeconfig'), kubeconfig(servers, world.adminToken), 0o600);
  writeFileSync(file('control.url'), `http://127.0.0.1:${controlPort}`);
  writeAtomically(file('lab.json'), JSON.stringify({ pid: process.pid, ports } satisfies LabRecord));

  return async () => {
    stopTenant();
    stopKarmada();
    world.stop();
    keeping.stop();
    control.close();
    control.closeAllConnections();
    await Promise.all([
      frontDoor.close(),
      edge.close(),
      inside.close(),
      ...Object.values(servers).map((each) => each.close()),
    ]);
  };
}

/** Two labs in one folder would write over each other's state. */
async function refuseSecond(folder: string): Promise<void> {
  const port = readJson<LabRecord>(join(folder, 'lab.json'))?.ports.control;
  if (port === undefined) return;
  const answers = await fetch(`http://127.0.0.1:${port}/faults`, { signal: AbortSignal.timeout(1000) }).then(
    (answer) => answer.ok,
    () => false,
  );
  if (!answers) return;
  console.error(`FD8001 ${folder}: ${labErrors.FD8001.title}. ${labErrors.FD8001.remedy}`);
  process.exit(4);
}

if (import.meta.main) {
  const folder = join(resolve(process.env.FIREDRILL_HOME ?? '.firedrill'), 'lab');
  await refuseSecond(folder);
  const stop = await startLab(folder);
  console.log(`lab ready: ${folder}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}
