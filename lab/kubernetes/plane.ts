/** One API server's parts, as its request handlers see them. */
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { customTypes, karmadaTypes, kubernetesTypes, type ResourceType } from './resources.ts';
import type { MemoryStore } from './store.ts';
import type { Tokens } from './tokens.ts';

export interface Plane {
  store: MemoryStore;
  clock: Clock;
  faults: Faults;
  tokens: Tokens;
  /** Serves Karmada's APIs as well. */
  federation: boolean;
}

export interface Reply {
  code: number;
  body: object;
}

export function typesOf({ store, federation }: Plane): ResourceType[] {
  return [...kubernetesTypes, ...(federation ? karmadaTypes : []), ...customTypes(store)];
}
