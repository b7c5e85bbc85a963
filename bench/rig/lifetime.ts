/** The rig from its start until all Clusters are Ready, joined by `karmada/join`; new, and on what it kept. */
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Host } from './host.ts';
import { createWorker, planOf } from './worker.ts';

/** Seconds. */
export interface Start {
  /** Every process says that it is ready. */
  processes: number;
  /** The above, joined where it was not, and all Clusters Ready. */
  ready: number;
}

/** @param fleetOfHost read after the start: only then the kubeconfig is there. */
export async function measureStart(host: Host, fleetOfHost: () => Fleet): Promise<Start> {
  const begunMs = performance.now();
  const passed = () => (performance.now() - begunMs) / 1000;
  await host.up();
  const processes = passed();
  const fleet = fleetOfHost();
  const members = Object.keys(fleet.members);
  const steps = members.map((cluster) => ({ uses: 'karmada/join', with: { cluster } }));
  const worker = createWorker(planOf(fleet, steps));
  await Promise.all(
    members.map(async (cluster) => {
      const snapshot = await worker.perform('karmada/join', 'snapshot', { cluster });
      await worker.perform('karmada/join', 'act', { cluster }, snapshot);
    }),
  );
  await allReady(fleet);
  return { processes, ready: passed() };
}

/** By the word of the federation, which on kept state is the one it kept. */
async function allReady(fleet: Fleet): Promise<void> {
  const enough = new AbortController();
  const members = Object.keys(fleet.members);
  await openPorts(fleet)
    .federation()
    .watchClusters(
      {
        seen: (clusters) => {
          if (members.every((name) => clusters.find((one) => one.name === name)?.ready)) enough.abort();
        },
        trouble: () => undefined,
      },
      AbortSignal.any([enough.signal, AbortSignal.timeout(120_000)]),
    );
}

export async function measureStop(host: Host): Promise<number> {
  const begunMs = performance.now();
  await host.down();
  return (performance.now() - begunMs) / 1000;
}
