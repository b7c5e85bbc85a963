import type { KubeObject } from '../../store.ts';
import { containersOf } from './containers.ts';

export interface CommandOverrider {
  containerName: string;
  operator: 'add' | 'remove';
  value?: string[];
}

export function overrideWords(
  manifest: KubeObject,
  field: 'command' | 'args',
  { containerName, operator, value = [] }: CommandOverrider,
): void {
  for (const container of containersOf(manifest)) {
    if (container.name !== containerName) continue;
    const words = container[field] ?? [];
    container[field] =
      operator === 'add' ? [...words, ...value] : words.filter((word) => !value.includes(word));
  }
}
