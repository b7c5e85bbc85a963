/** The fault `stale-status`: reads answer every status as it was when the fault began. */
import type { KubeObject } from '../store.ts';
import type { Plane } from './plane.ts';

export interface StaleView {
  /** An object or a list as a client sees it. */
  of<T extends object>(answered: T): T;
  close(): void;
}

export function staleView({ faults, store }: Plane): StaleView {
  let frozen: Map<string, unknown> | undefined;

  function look(): void {
    if (!faults.matching('stale-status', store.name)) frozen = undefined;
    else
      frozen ??= new Map(
        store.state().objects.map(([, object]) => [object.metadata.uid ?? '', object.status]),
      );
  }

  function stale(object: KubeObject): KubeObject {
    const uid = object.metadata?.uid ?? '';
    return frozen?.has(uid) ? { ...object, status: frozen.get(uid) } : object;
  }

  look();
  const close = faults.onChange(look);
  return {
    close,
    of<T extends object>(answered: T): T {
      if (frozen === undefined) return answered;
      if ('items' in answered) return { ...answered, items: (answered.items as KubeObject[]).map(stale) };
      return stale(answered as unknown as KubeObject) as unknown as T;
    },
  };
}
