/** What kwok must be told when its stages change, and how a node is taken out of its hands. */
import { type Faults, isNodeDown } from '../../faults.ts';
import { DOWN_LABEL } from '../kubernetes.ts';
import type { PodLife } from '../stages.ts';
import type { Machines } from './machines.ts';
import type { Mirror } from './mirror.ts';

/** Starts a member's kwok again with other stages. */
export async function restartKwok(
  { name }: Pick<Mirror, 'name'>,
  machines: Machines,
  life: PodLife,
  writeStages: (member: string, life: PodLife) => void,
): Promise<void> {
  const process = `${name}/kwok`;
  await machines.hold(process);
  writeStages(name, life);
  await machines.release(process);
}

export interface NodeSwitch {
  /** One attempt to have every node labelled as the faults say; what failed is tried again by itself. */
  settle(): Promise<void>;
  close(): void;
}

const RETRY_MS = 1_000;

/**
 * Nodes that are down carry a label with which kwok lets go of them: it renews their lease no more, and their pods
 * neither start nor end. A node that is made anew, or a label that a killed rig left, is put right as well.
 */
export function switchNodes(mirror: Mirror, faults: Faults): NodeSwitch {
  let retry: NodeJS.Timeout | undefined;
  let settling: Promise<void> = Promise.resolve();

  async function put(): Promise<void> {
    clearTimeout(retry);
    for (const { metadata } of mirror.list('core/nodes')) {
      const down = isNodeDown(faults, mirror.name, metadata.name);
      if (down === (metadata.labels?.[DOWN_LABEL] !== undefined)) continue;
      const labels = { [DOWN_LABEL]: down ? 'true' : null };
      await mirror.client.patch(`/api/v1/nodes/${metadata.name}`, { metadata: { labels } });
    }
  }
  function settle(): Promise<void> {
    settling = settling.then(put).catch(() => {
      retry = setTimeout(settle, RETRY_MS);
    });
    return settling;
  }

  const stop = mirror.watch(({ resource, type }) => {
    if (resource === 'core/nodes' && type !== 'DELETED') void settle();
  });
  void settle();
  return {
    settle,
    close() {
      stop();
      clearTimeout(retry);
    },
  };
}
