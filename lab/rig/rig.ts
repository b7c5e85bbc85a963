/** The rig as a whole: control planes, the doors to their APIs, and users' way in. */
import { join } from 'node:path';
import { readJson } from '../state-file.ts';
import { type ControlPlaneOptions, startControlPlanes } from './control-planes.ts';
import { readAccess } from './edge/access.ts';
import { type DataPlanePorts, startDataPlane } from './edge/data-plane.ts';
import { type Door, openDoor } from './edge/door.ts';
import { FEDERATION, MEMBERS, PLANES, writePrivate } from './layout.ts';
import { openPlane } from './plane.ts';
import { seedSecondTenant } from './second-tenant.ts';
import { stagesFile } from './stages.ts';

export type RigOptions = Omit<ControlPlaneOptions, 'outside'>;

/** Starts everything; returns how to end it. What was started is ended again when the rest does not come up. */
export async function startRig(options: RigOptions): Promise<() => Promise<void>> {
  const closing: (() => unknown)[] = [];
  async function close(): Promise<void> {
    for (const end of closing.splice(0).reverse()) await end();
  }
  try {
    await open(options, closing);
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: RigOptions, closing: (() => unknown)[]): Promise<void> {
  const kept = join(options.folder, 'outside.json');
  const before = readJson<{ doors: Record<string, number>; dataPlane: DataPlanePorts }>(kept);
  const doors: Record<string, Door> = {};

  async function outside(plane: string, direct: number): Promise<string> {
    const door = await openDoor(direct, before?.doors[plane]).catch(() => openDoor(direct));
    doors[plane] = door;
    closing.push(() => door.close());
    return `https://127.0.0.1:${door.port}`;
  }

  const planes = await startControlPlanes({ ...options, outside });
  closing.push(planes.stop);
  const { files } = planes.wiring;
  const direct = (plane: string) => readAccess(files.kubeconfigOf(plane, 'admin'), plane);
  const dataPlane = await startDataPlane({
    folder: options.folder,
    ...(before && { ports: before.dataPlane }),
    members: Object.fromEntries(MEMBERS.map((member) => [member, direct(member)])),
    federation: direct(FEDERATION),
    doors,
    machines: planes.processes,
    writeStages: (member, life) => writePrivate(files.stages(member), stagesFile(life)),
  });
  closing.push(dataPlane.close);
  const ports = Object.fromEntries(PLANES.map((plane) => [plane, doors[plane]?.port]));
  writePrivate(kept, JSON.stringify({ doors: ports, dataPlane: dataPlane.ports }));
  closing.push(seedSecondTenant(openPlane(files.kubeconfigOf(FEDERATION, 'admin'), FEDERATION)));
}
