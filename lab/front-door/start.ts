/** Starts the emulated Front Door: management API, points of presence, and the addresses clients ask. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Faults } from '../faults.ts';
import { classicDeliveries } from './classic.ts';
import { createDataPlane } from './data-plane.ts';
import type { Delivery } from './delivery.ts';
import { createManagement } from './management.ts';
import { createProbeMetrics, type ProbeMetrics } from './metrics.ts';
import { operatorResources } from './operator.ts';
import { createPop, type Pop, type PopState } from './pop.ts';
import { createProbe, type ProbeSender } from './probe.ts';
import { createResources, type Properties, type ResourcesState } from './resources.ts';
import { createRollout } from './rollout.ts';
import { defaultSettings, type FrontDoorSettings } from './settings.ts';
import { standardDeliveries } from './standard.ts';

export interface FrontDoorOptions {
  /** State and address files go here. */
  folder: string;
  /** Ports of an earlier start, by the names in `FrontDoor.ports`. */
  ports?: Record<string, number>;
  /** The public host. */
  host: string;
  /** `host:port` of the entry point that the classic Front Door sends to at first. */
  firstBackend: string;
  settings?: Partial<FrontDoorSettings>;
}

export interface FrontDoor {
  /** `front-door`, `front-door-classic`, `management`. */
  ports: Record<string, number>;
  /** Read at each use, so that the control API and tests can change them. */
  settings: FrontDoorSettings;
  /** What each point of presence thinks of each origin, Standard's and classic's. */
  pops(): Record<'standard' | 'classic', PopState[]>;
  /** What is configured, by resource id without its subscription. */
  resources(): Record<string, Properties>;
  close(): Promise<void>;
}

export const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
export const RESOURCE_GROUP = 'firedrill';

interface Saved extends ResourcesState {
  token: string;
}

export async function startFrontDoor(
  world: { faults: Faults },
  options: FrontDoorOptions,
): Promise<FrontDoor> {
  const { folder, ports = {} } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const file = join(folder, 'front-door.json');
  const saved = load(file) ?? fresh(options, settings);
  const resources = createResources(saved, onChange);
  const metrics = createProbeMetrics(settings);
  const sender = measured(createProbe(settings.probeTimeoutMs), metrics);
  const standard = createSide(settings, world.faults, sender, () => standardDeliveries(resources));
  const classic = createSide(settings, world.faults, sender, () => classicDeliveries(resources));
  const management = createManagement({
    resources,
    metrics,
    faults: world.faults,
    token: saved.token,
    subscription: SUBSCRIPTION,
    resourceGroup: RESOURCE_GROUP,
    settings,
  });

  function onChange(): void {
    save(file, { token: saved.token, ...resources.state() });
    standard.refresh();
    classic.refresh();
  }

  const bound = {
    'front-door': await listen(standard.server, ports['front-door']),
    'front-door-classic': await listen(classic.server, ports['front-door-classic']),
    management: await listen(management, ports.management),
  };
  save(file, { token: saved.token, ...resources.state() });
  writeFileSync(join(folder, 'azure.token'), saved.token, { mode: 0o600 });
  for (const [name, port] of Object.entries(bound))
    writeFileSync(join(folder, `${name}.url`), `http://127.0.0.1:${port}/`);

  return {
    ports: bound,
    settings,
    pops: () => ({ standard: standard.states(), classic: classic.states() }),
    resources: () =>
      Object.fromEntries(
        resources.all().map(({ id, properties }) => [id.split('/providers/')[1] ?? id, properties]),
      ),
    async close() {
      resources.close();
      management.closeAllConnections();
      await Promise.all([
        standard.close(),
        classic.close(),
        sender.close(),
        new Promise((resolve) => management.close(resolve)),
      ]);
    },
  };
}

/** Every probe is counted. */
function measured({ probe, close }: ProbeSender, metrics: ProbeMetrics): ProbeSender {
  return {
    close,
    async probe(origin, delivery) {
      const result = await probe(origin, delivery);
      metrics.record(delivery, origin, result.passed, Date.now());
      return result;
    },
  };
}

/** One tier: its points of presence, their configuration and where clients ask them. */
function createSide(
  settings: FrontDoorSettings,
  faults: Faults,
  sender: ProbeSender,
  read: () => Delivery[],
) {
  const pops = settings.pops.map((name, index) =>
    startPop(name, index / settings.pops.length, faults, sender),
  );
  const rollout = createRollout(pops, settings, faults);
  const plane = createDataPlane(pops);
  // What was configured when the lab was stopped is in force at once.
  for (const pop of pops) pop.apply(read());
  const stuck = faults.onChange(({ kind, target }, change) => {
    if (kind !== 'pop-stuck') return;
    for (const pop of pops) if (target === '*' || target === pop.name) pop.stick(change === 'added');
    if (change === 'removed') rollout.begin(read());
  });
  for (const pop of pops) if (faults.matching('pop-stuck', pop.name)) pop.stick(true);
  return {
    server: plane.server,
    refresh: () => rollout.begin(read()),
    states: () => pops.map((pop) => pop.state()),
    async close() {
      stuck();
      rollout.close();
      for (const pop of pops) pop.close();
      await plane.close();
    },
  };
}

function startPop(name: string, phase: number, faults: Faults, sender: ProbeSender): Pop {
  return createPop(name, phase, (origin, delivery) =>
    faults.matching('pop-probes-fail', name)
      ? Promise.resolve({ passed: false, tookMs: 0 })
      : sender.probe(origin, delivery),
  );
}

function fresh(options: FrontDoorOptions, settings: FrontDoorSettings): Saved {
  const resources = operatorResources({
    subscription: SUBSCRIPTION,
    resourceGroup: RESOURCE_GROUP,
    host: options.host,
    probeIntervalSeconds: settings.probeIntervalSeconds,
    firstBackend: options.firstBackend,
  });
  return { token: randomBytes(24).toString('base64url'), resources, operations: [] };
}

function load(file: string): Saved | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Saved) : undefined;
}

/** Replaced in one step: a lab killed while writing finds the old state. */
function save(file: string, state: Saved): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
