import { drillKinds } from '../../activities/drill/index.ts';
import { karmadaKinds } from '../../activities/karmada/index.ts';
import type { Kind } from '../../activities/kind.ts';
import { kubernetesKinds } from '../../activities/kubernetes/index.ts';
import { labKinds } from '../../activities/lab/index.ts';
import { mcsKinds } from '../../activities/mcs/index.ts';

export const clusterKinds: Kind[] = [
  ...kubernetesKinds,
  ...karmadaKinds,
  ...drillKinds,
  ...labKinds,
  ...mcsKinds,
];

export function kindOf(name: string): Kind {
  const found = clusterKinds.find((kind) => kind.name === name);
  if (!found) throw new Error(`no kind ${name}`);
  return found;
}
