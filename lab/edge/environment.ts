/** The environment of a container as the kubelet makes it: values, the Downward API, ConfigMaps, `$(VAR)`. */
import type { KubeObject, ObjectReader } from '../store.ts';

interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: { fieldPath: string };
    configMapKeyRef?: { name: string; key: string };
  };
}

export function environmentOf(pod: KubeObject, store: ObjectReader): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of (pod.spec.containers[0]?.env ?? []) as EnvVar[])
    environment[variable.name] = resolve(variable, pod, store, environment);
  return environment;
}

function resolve(
  variable: EnvVar,
  pod: KubeObject,
  store: ObjectReader,
  earlier: Record<string, string>,
): string {
  const { fieldRef, configMapKeyRef } = variable.valueFrom ?? {};
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath);
  if (configMapKeyRef) {
    const map = store.get('core/configmaps', pod.metadata.namespace, configMapKeyRef.name);
    return map?.data?.[configMapKeyRef.key] ?? '';
  }
  return expand(variable.value ?? '', earlier);
}

/** `metadata.name`, `spec.nodeName`, `metadata.labels['app']` … */
function fieldOf(pod: KubeObject, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] as string] ?? '';
  const value = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], pod);
  return value === undefined ? '' : String(value);
}

/** `$(NAME)` of a known variable; `$$(NAME)` is left as `$(NAME)`, an unknown one stays as it is. */
export function expand(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (found, name: string | undefined) =>
    name === undefined ? '$' : (environment[name] ?? found),
  );
}
