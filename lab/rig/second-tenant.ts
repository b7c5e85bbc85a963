/** Seeds the second tenant on the rig's federation, as the sandbox does: once its clusters are joined and Ready. */
import { CLUSTER_NAMES, tenantObjects } from '../karmada/second-tenant.ts';
import type { KubeObject } from '../store.ts';
import type { PlaneClient } from './plane.ts';

const LOOK_EVERY_MS = 1000;

/** Returns how to call that off. */
export function seedSecondTenant(federation: PlaneClient): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const [namespace] = tenantObjects();

  async function look(): Promise<void> {
    if ((await federation.read(namespace)) !== undefined) return;
    const clusters = await Promise.all(CLUSTER_NAMES.map((name) => federation.read(cluster(name))));
    if (!clusters.every(takesWork)) return again();
    for (const object of tenantObjects()) await federation.create(object);
  }
  function again(): void {
    // Until they are joined; the federation may be down for a while as well.
    if (!stopped) timer = setTimeout(() => look().catch(again), LOOK_EVERY_MS);
  }
  look().catch(again);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

const cluster = (name: string): KubeObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
});

function takesWork(found: KubeObject | undefined): boolean {
  const conditions: { type: string; status: string }[] = found?.status?.conditions ?? [];
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && !found?.spec?.taints?.length;
}
