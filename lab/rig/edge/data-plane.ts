/** The rig's data plane and its control API: entry points and Front Door over the real objects, faults, `/state`. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serveControl } from '../../control-api.ts';
import { startEdge } from '../../edge/edge.ts';
import { createFaults } from '../../faults.ts';
import { startFrontDoor } from '../../front-door/start.ts';
import { type InsidePorts, startInside } from '../../inside/inside.ts';
import { listen, shut } from '../../kubernetes/listen.ts';
import type { PodLife } from '../stages.ts';
import type { PlaneAccess } from './access.ts';
import { createApiClient } from './api-client.ts';
import type { Door } from './door.ts';
import type { Machines } from './machines.ts';
import { type Mirror, openMirror } from './mirror.ts';
import { createRigTier } from './tier.ts';

export interface DataPlaneOptions {
  /** `MEMBER.url`, `MEMBER.dns`, `MEMBER.inside.url`, `front-door*.url`, `management.url`, `azure.token`, `control.url` are written here. */
  folder: string;
  /** From an earlier start. */
  ports?: DataPlanePorts;
  /** By member, without the federation: how its API server is reached directly, past the door. */
  members: Record<string, PlaneAccess>;
  federation: PlaneAccess;
  /** By plane, the federation included. */
  doors: Record<string, Door>;
  machines: Machines;
  /** Writes the stages that `MEMBER/kwok` reads when it starts; the data plane starts kwok again itself. */
  writeStages(member: string, life: PodLife): void;
  /** The public host; default hello.example.com. */
  host?: string;
}

export interface DataPlanePorts {
  edge: Record<string, number>;
  inside?: Record<string, InsidePorts>;
  frontDoor: Record<string, number>;
  control: number;
}

export interface DataPlane {
  /** To be kept for the next start. */
  ports: DataPlanePorts;
  /** Takes every fault away first, so that what they held runs again. */
  close(): Promise<void>;
}

const HOST = 'hello.example.com';

/** Resolves when every member has been copied once, and all listens. */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { folder, ports, host = HOST } = options;
  const faults = createFaults();
  const mirrors: Record<string, Mirror> = Object.fromEntries(
    await Promise.all(
      Object.entries(options.members).map(async ([name, access]) => [name, await openMirror(name, access)]),
    ),
  );
  const federation = createApiClient(options.federation);
  const edge = await startEdge({ members: mirrors, faults }, { folder, ports: ports?.edge ?? {} });
  const inside = await startInside({ members: mirrors, faults }, { folder, ports: ports?.inside ?? {} });
  const frontDoor = await startFrontDoor(
    { faults },
    {
      folder,
      ports: ports?.frontDoor ?? {},
      host,
      firstBackend: `127.0.0.1:${Object.values(edge.ports)[0]}`,
    },
  );
  const tier = createRigTier({ ...options, faults, mirrors, federation, edge, frontDoor });
  const control = serveControl(tier);
  await listen(control, ports?.control ?? 0);
  const controlPort = (control.address() as AddressInfo).port;
  writeFileSync(join(folder, 'control.url'), `http://127.0.0.1:${controlPort}`);

  return {
    ports: {
      edge: edge.ports,
      inside: inside.ports,
      frontDoor: frontDoor.ports,
      control: controlPort,
    },
    async close() {
      shut(control);
      await tier.close();
      await Promise.all([frontDoor.close(), edge.close(), inside.close()]);
      await Promise.all([...Object.values(mirrors).map((mirror) => mirror.close()), federation.close()]);
    },
  };
}
