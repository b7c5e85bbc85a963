import { parse, stringify } from 'yaml';
import type { Json } from '../../kubernetes/patch/json.ts';
import { jsonPatch } from '../../kubernetes/patch/json-patch.ts';
import type { KubeObject } from '../../store.ts';

interface FieldOperation {
  subPath: string;
  operator: 'add' | 'remove' | 'replace';
  value?: Json;
}

/** A text field that holds JSON or YAML itself, e.g. one key of a ConfigMap. */
export interface FieldOverrider {
  fieldPath: string;
  json?: FieldOperation[];
  yaml?: FieldOperation[];
}

export function overrideField(manifest: KubeObject, { fieldPath, json, yaml }: FieldOverrider): void {
  const tokens = fieldPath.slice(1).split('/').map(unescaped);
  const last = tokens.pop() ?? '';
  // biome-ignore lint/suspicious/noExplicitAny: walks whatever the path names
  const parent = tokens.reduce((at: any, token) => at?.[token], manifest);
  if (typeof parent?.[last] !== 'string') return;
  if (yaml?.length) parent[last] = stringify(patched(parse(parent[last]), yaml));
  else if (json?.length) parent[last] = JSON.stringify(patched(JSON.parse(parent[last]), json));
}

function patched(document: Json, operations: FieldOperation[]): Json {
  return jsonPatch(
    document,
    operations.map(({ operator, subPath, value }) => ({
      op: operator,
      path: subPath,
      ...(value !== undefined && { value }),
    })),
  );
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
