/** Every step kind there is. A new family is a folder with an `index.ts` and a line here. */
import type { Catalogue } from '../dsl/kind.ts';
import { drillKinds } from './drill/index.ts';
import { glbKinds } from './glb/index.ts';
import { karmadaKinds } from './karmada/index.ts';
import type { Kind } from './kind.ts';
import { kubernetesKinds } from './kubernetes/index.ts';
import { labKinds } from './lab/index.ts';
import { mcsKinds } from './mcs/index.ts';
import { trafficKinds } from './traffic/index.ts';

export const registry: readonly Kind[] = [
  ...karmadaKinds,
  ...kubernetesKinds,
  ...glbKinds,
  ...trafficKinds,
  ...drillKinds,
  ...labKinds,
  ...mcsKinds,
];

/** The same by name, as the compiler wants it. */
export const catalogue: Catalogue = new Map(registry.map((kind) => [kind.name, kind]));
