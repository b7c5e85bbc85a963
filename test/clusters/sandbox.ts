/** A whole fleet for a test: the lab's API servers, Karmada and entry points, and the ports over the real SDK. */
import '../lab/karmada/realm.ts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Acted, ActKind, Kind, LookKind, StepContext, Undone } from '../../activities/kind.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';
import type { Ports } from '../../activities/ports/ports.ts';
import { openPorts } from '../../adapters/open.ts';
import { type Fleet, fleet as fleetSchema } from '../../dsl/fleet.ts';
import type { Json } from '../../dsl/plan.ts';
import { createControl } from '../../lab/control.ts';
import { startEdge } from '../../lab/edge/edge.ts';
import { startInside } from '../../lab/inside/inside.ts';
import { defaultKarmadaSettings, startKarmada } from '../../lab/karmada/karmada.ts';
import type { Timings } from '../../lab/karmada/timings.ts';
import { kubeconfig, startApiServers } from '../../lab/kubernetes/api-servers.ts';
import { listen, shut } from '../../lab/kubernetes/listen.ts';
import type { SettingsInput } from '../../lab/settings.ts';
import { createWorld, type World } from '../../lab/world.ts';
import { kindOf } from './kinds.ts';

export const MEMBERS = ['aks1', 'aks2', 'k3s'];

export interface Sandbox {
  world: World;
  fleet: Fleet;
  ports: Ports;
  close(): Promise<void>;
}

export async function openSandbox(
  settings: SettingsInput = { podStartMs: 150, podStopMs: 50 },
  timings: Partial<Timings> = {},
  /** Members whose own agent registers them, and whose API the fleet file does not know. */
  pull: readonly string[] = [],
): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-clusters-'));
  const world = createWorld({ settings });
  const servers = await startApiServers(world);
  const edge = await startEdge(world, { folder });
  const inside = await startInside(world, { folder });
  const memberAt = (address: string) =>
    MEMBERS.find((name) => servers[name]?.url === new URL(address).origin);
  const karmada = { ...defaultKarmadaSettings };
  const stopKarmada = startKarmada(world, { memberAt, settings: karmada, timings, pull });
  const none = () => ({});
  const control = createControl({
    world,
    karmada,
    log: edge.log,
    pops: none,
    frontDoor: none,
    configured: none,
  });
  await listen(control, 0);
  const { port } = control.address() as AddressInfo;
  writeFileSync(join(folder, 'control.url'), `http://127.0.0.1:${port}`);
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig(servers, world.adminToken));
  const fleet = sandboxFleet(folder, pull);
  return {
    world,
    fleet,
    ports: openPorts(fleet),
    async close() {
      stopKarmada();
      world.stop();
      shut(control);
      await Promise.all([
        edge.close(),
        inside.close(),
        ...Object.values(servers).map((server) => server.close()),
      ]);
      rmSync(folder, { recursive: true });
    },
  };
}

function sandboxFleet(folder: string, pull: readonly string[]): Fleet {
  const plane = (context: string) => ({ kubeconfig: 'kubeconfig', context });
  const member = (name: string) => ({
    ...(pull.includes(name) ? { mode: 'pull' } : plane(name)),
    entry: { url: { file: `${name}.url` }, host: 'hello.example.com' },
    inside: { dns: { file: `${name}.dns` }, proxy: { file: `${name}.inside.url` } },
    scaleNodes: 'node-objects',
  });
  const parsed = fleetSchema.parse({
    name: 'sandbox',
    tier: 'sandbox',
    production: false,
    federation: plane('federation'),
    members: Object.fromEntries(MEMBERS.map((name) => [name, member(name)])),
    identity: {
      routed: { header: 'x-routed-cluster' },
      served: { header: 'x-cluster' },
      pod: { header: 'x-pod' },
    },
    lab: { control: { file: 'control.url' } },
    flags: { failover: true, noExecuteTaintEviction: true, multiClusterService: true },
  });
  return { ...parsed, file: join(folder, 'fleet.yaml') };
}

export interface Told {
  beats: Json[];
  faults: number;
}

export function contextOf(
  { fleet, ports }: Pick<Sandbox, 'fleet' | 'ports'>,
  options: { withinMs?: number; victim?: string; run?: string; step?: string; signal?: AbortSignal } = {},
): StepContext & Told {
  const signal = options.signal ?? new AbortController().signal;
  const told: Told = { beats: [], faults: 0 };
  return Object.assign(told, {
    fleet,
    ports,
    run: options.run ?? 'run-1',
    step: options.step ?? 'steps.one',
    runbook: 'test',
    victim: options.victim,
    signal,
    deadlineMs: Date.now() + (options.withinMs ?? 30_000),
    heartbeat: (progress: Json) => told.beats.push(progress),
    previous: undefined,
    beginFault: () => {
      told.faults += 1;
    },
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }) as StepContext & Told;
}

// biome-ignore lint/suspicious/noExplicitAny: each kind has its own output, which each test knows
export async function look(kind: Kind, input: object, context: StepContext): Promise<any> {
  return (kind as LookKind<unknown, unknown>).look(kind.input.parse(input), context);
}

export interface Performed {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  output: any;
  snapshot: Json;
  input: unknown;
  kind: ActKind<unknown, unknown, Json>;
}

/** Snapshot and act, as often as it says that it is not done, through JSON as the history would keep it. */
export async function perform(kind: Kind, input: object, context: StepContext): Promise<Performed> {
  const acts = kind as ActKind<unknown, unknown, Json>;
  const parsed = kind.input.parse(input);
  const snapshot = throughJson(await acts.snapshot(parsed, context));
  for (let progress: Json | undefined; ; ) {
    const acted = throughJson(await acts.act(parsed, snapshot, context, progress)) as Acted<unknown>;
    if (acted.done) return { output: acted.output, snapshot, input: parsed, kind: acts };
    progress = acted.progress;
  }
}

export async function undo({ kind, input, snapshot }: Performed, context: StepContext): Promise<Undone> {
  for (let progress: Json | undefined; ; ) {
    const undone = throughJson(await kind.undo(input, snapshot, context, progress));
    if (undone.done) return undone;
    progress = undone.progress;
  }
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

export function manifestsOf(folder: string): KubeObject[] {
  const path = join(import.meta.dirname, '../../runbooks/manifests', folder);
  return readdirSync(path)
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(path, file), 'utf8')))
    .map((document) => document.toJSON());
}

/** Joins every member and deploys hello with its policy. */
export async function deploy(
  sandbox: Pick<Sandbox, 'fleet' | 'ports'>,
  policy: KubeObject[] = manifestsOf('policy-static'),
): Promise<void> {
  const context = contextOf(sandbox);
  await Promise.all(MEMBERS.map((cluster) => perform(kindOf('karmada/join'), { cluster }, context)));
  await look(kindOf('karmada/await-clusters'), {}, context);
  await perform(kindOf('karmada/apply'), { manifests: [...manifestsOf('hello'), ...policy] }, context);
}

/** The measured 10 s would only make a test slow. */
export function quickFailover(): KubeObject[] {
  const objects = manifestsOf('policy-failover');
  for (const object of objects) object['spec'].failover.application.decisionConditions.tolerationSeconds = 1;
  return objects;
}
