/** Brings up the control planes of the rig, each part as soon as what it needs is ready, and stops them in order. */

import { cpSync } from 'node:fs';
import { memberObjects, neighbourObjects } from '../kubernetes/seed.ts';
import { defaultSettings, settingsOf } from '../settings.ts';
import { installKarmada } from './install.ts';
import {
  aggregatedApiServer,
  type KarmadaFlags,
  karmadaControllerManager,
  karmadaPorts,
  webhook,
} from './karmada.ts';
import {
  apiServer,
  controllerManager,
  directServer,
  etcd,
  kubernetesPorts,
  kwok,
  scheduler,
  type Wiring,
} from './kubernetes.ts';
import { FEDERATION, keptPorts, layout, MEMBERS, PLANES, writePrivate } from './layout.ts';
import { announceEstimators, extraProcesses, type RigExtras, schedulerOf } from './options.ts';
import { ensurePki, writeKubeconfigs } from './pki.ts';
import { eventually, openPlane, type PlaneClient } from './plane.ts';
import { writeRecord } from './record.ts';
import { stagesFile, usualLife } from './stages.ts';
import { createProcesses, type Processes } from './supervise.ts';

export interface ControlPlaneOptions {
  /** The rig's; made when it is not there, gone on from when it is. */
  folder: string;
  /** Path of an executable by its name. */
  binary(name: string): string;
  /** Folder that `collectAssets` wrote. */
  assets: string;
  flags: KarmadaFlags;
  extras: RigExtras;
  /** Address by plane at which everybody outside reaches its API. */
  outside(plane: string, direct: number): Promise<string>;
  /** Told of each stage. */
  say(text: string): void;
}

export interface ControlPlanes {
  wiring: Wiring;
  processes: Processes;
  stop(): Promise<void>;
}

export async function startControlPlanes(options: ControlPlaneOptions): Promise<ControlPlanes> {
  const { say } = options;
  const files = layout(options.folder);
  const port = await keptPorts(files.ports, [...kubernetesPorts, ...karmadaPorts]);
  const wiring: Wiring = { files, port, binary: options.binary };
  await ensurePki(files);
  const outside = new Map<string, string>();
  for (const plane of PLANES.filter((name) => !options.extras.pull.includes(name)))
    outside.set(plane, await options.outside(plane, port(`${plane}/kube-apiserver`)));
  writeKubeconfigs(files, (plane) => directServer(wiring, plane), outside);
  for (const member of MEMBERS) writePrivate(files.stages(member), stagesFile(usualLife));

  const processes = createProcesses(files.logs, {
    say,
    changed: () => writeRecord(files, processes.list()),
  });
  const stop = () => processes.stop(waves);
  try {
    await processes.start(etcd(wiring));
    say('etcd is ready');
    await Promise.all([
      ...MEMBERS.map((member) => startMember(member, wiring, processes, say)),
      federation(),
    ]);
    const extras = extraProcesses(wiring, options.flags, options.extras);
    await Promise.all(extras.map((spec) => processes.start(spec)));
    for (const { name } of extras) say(`${name} is ready`);
    return { wiring, processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function federation(): Promise<void> {
    await processes.start(apiServer(wiring, FEDERATION));
    say("the federation's API server is ready");
    await startKarmada(wiring, processes, options);
    say('Karmada is ready');
  }
}

/** Who uses a server ends before the server. */
const waves: string[][] = [
  [
    'karmada-controller-manager',
    'karmada-scheduler',
    'karmada-descheduler',
    ...MEMBERS.flatMap((member) => [`${member}/karmada-agent`, `${member}/karmada-scheduler-estimator`]),
    ...MEMBERS.map((member) => `${member}/kwok`),
    ...MEMBERS.map((member) => `${member}/kube-scheduler`),
    ...PLANES.map((plane) => `${plane}/kube-controller-manager`),
  ],
  ['karmada-webhook', 'karmada-aggregated-apiserver'],
  PLANES.map((plane) => `${plane}/kube-apiserver`),
  ['etcd'],
];

async function startMember(
  member: string,
  wiring: Wiring,
  processes: Processes,
  say: (text: string) => void,
): Promise<void> {
  await processes.start(apiServer(wiring, member));
  await Promise.all([
    processes.start(controllerManager(wiring, member)),
    processes.start(scheduler(wiring, member)),
    seedMember(member, openPlane(wiring.files.kubeconfigOf(member, 'admin'), member)),
  ]);
  await processes.start(kwok(wiring, member));
  say(`${member} is ready`);
}

/** Once: what a drill or a person does to them afterwards stays. */
async function seedMember(member: string, plane: PlaneClient): Promise<void> {
  const index = MEMBERS.indexOf(member as (typeof MEMBERS)[number]);
  const seeded = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'firedrill-rig', namespace: 'kube-system' },
  };
  if ((await eventually(`${member} seed`, () => plane.read(seeded))) !== undefined) return;
  const objects = [
    ...memberObjects(member, 240 + index, settingsOf(defaultSettings, member)),
    ...(index === 0 ? neighbourObjects() : []),
  ];
  for (const object of objects)
    await eventually(`${member} ${object.kind} ${object.metadata.name}`, () => plane.create(object));
  await plane.create(seeded);
}

async function startKarmada(
  wiring: Wiring,
  processes: Processes,
  options: ControlPlaneOptions,
): Promise<void> {
  const { files } = wiring;
  const plane = openPlane(files.kubeconfigOf(FEDERATION, 'admin'), FEDERATION);
  const manager = processes.start(controllerManager(wiring, FEDERATION));
  // controller-runtime wants tls.crt and tls.key in a folder.
  cpSync(files.pki(FEDERATION, 'server.crt'), files.pki(FEDERATION, 'webhook/tls.crt'));
  cpSync(files.pki(FEDERATION, 'server.key'), files.pki(FEDERATION, 'webhook/tls.key'));
  await installKarmada(plane, wiring, options.assets);
  await Promise.all([
    manager,
    processes.start(aggregatedApiServer(wiring)),
    processes.start(webhook(wiring)),
  ]);
  const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'none' } };
  await eventually('the aggregated API of Karmada', () => plane.read(cluster));
  await Promise.all([
    processes.start(karmadaControllerManager(wiring, options.flags)),
    processes.start(schedulerOf(wiring, options.flags, options.extras)),
  ]);
  if (options.extras.descheduler) await announceEstimators(plane, wiring);
}
