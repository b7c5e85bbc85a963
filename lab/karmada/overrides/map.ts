import type { KubeObject } from '../../store.ts';

export interface MapOverrider {
  operator: 'add' | 'remove' | 'replace';
  value?: Record<string, string>;
}

/** Labels or annotations; `replace` touches only keys that are there. */
export function overrideMap(
  { metadata }: KubeObject,
  field: 'labels' | 'annotations',
  { operator, value = {} }: MapOverrider,
): void {
  const map = { ...metadata[field] };
  for (const [key, text] of Object.entries(value)) {
    if (operator === 'remove') delete map[key];
    else if (operator === 'add' || key in map) map[key] = text;
  }
  metadata[field] = map;
}
