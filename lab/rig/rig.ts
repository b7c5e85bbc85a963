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

/** Starts everything; returns how to end it. */
export async function startRig(options: RigOptions): Promise<() => Promise<void>> {
  const kept = join(options.folder, 'outside.json');
  const before = readJson<{ doors: Record<string, number>; dataPlane: DataPlanePorts }>(kept);
  const doors: Record<string, Door> = {};
  const closeDoors = () => Promise.all(Object.values(doors).map((door) => door.close()));

  async function outside(plane: string, direct: number): Promise<string> {
    doors[plane] = await openDoor(direct, before?.doors[plane]).catch(() => openDoor(direct));
    return `https://127.0.0.1:${doors[plane].port}`;
  }

  const planes = await startControlPlanes({ ...options, outside }).catch(async (error) => {
    await closeDoors();
    throw error;
  });
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
  const ports = Object.fromEntries(PLANES.map((plane) => [plane, doors[plane]?.port]));
  writePrivate(kept, JSON.stringify({ doors: ports, dataPlane: dataPlane.ports }));
  const stopTenant = seedSecondTenant(openPlane(files.kubeconfigOf(FEDERATION, 'admin'), FEDERATION));

  return async () => {
    stopTenant();
    await dataPlane.close();
    await closeDoors();
    await planes.stop();
  };
}
