import type { KubeObject } from '../../store.ts';

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
}

/** The containers of a workload or pod; nothing for other kinds. */
export function containersOf({ kind, spec }: KubeObject): Container[] {
  const podSpec = kind === 'Pod' ? spec : spec?.template?.spec;
  return podSpec?.containers ?? [];
}
