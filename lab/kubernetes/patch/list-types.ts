/**
 * How Kubernetes' own types treat lists and maps, from the `patchMergeKey`, `listType`, `listMapKey` and
 * `mapType` markers of k8s.io/api: by the end of the path, without indexes. What is not here is one value.
 */
export interface ListType {
  /** Fields that identify an item; none for a set of scalars. */
  keys: string[];
  /** The key strategic merge patches use; lists without one are replaced by them. */
  mergeKey?: string;
}

const lists: Record<string, ListType> = {
  'metadata.ownerReferences': { keys: ['uid'], mergeKey: 'uid' },
  'metadata.finalizers': { keys: [], mergeKey: '' },
  'spec.finalizers': { keys: [], mergeKey: '' },
  'spec.containers': { keys: ['name'], mergeKey: 'name' },
  'spec.initContainers': { keys: ['name'], mergeKey: 'name' },
  'spec.ephemeralContainers': { keys: ['name'], mergeKey: 'name' },
  'spec.volumes': { keys: ['name'], mergeKey: 'name' },
  'spec.imagePullSecrets': { keys: ['name'], mergeKey: 'name' },
  'spec.hostAliases': { keys: ['ip'], mergeKey: 'ip' },
  'spec.topologySpreadConstraints': { keys: ['topologyKey', 'whenUnsatisfiable'], mergeKey: 'topologyKey' },
  'ontainers.env': { keys: ['name'], mergeKey: 'name' },
  'ontainers.ports': { keys: ['containerPort', 'protocol'], mergeKey: 'containerPort' },
  'ontainers.volumeMounts': { keys: ['mountPath'], mergeKey: 'mountPath' },
  'ontainers.volumeDevices': { keys: ['devicePath'], mergeKey: 'devicePath' },
  'spec.ports': { keys: ['port', 'protocol'], mergeKey: 'port' },
  'spec.podCIDRs': { keys: [], mergeKey: '' },
  'status.conditions': { keys: ['type'], mergeKey: 'type' },
  'status.addresses': { keys: ['type'], mergeKey: 'type' },
  'status.podIPs': { keys: ['ip'], mergeKey: 'ip' },
  imagePullSecrets: { keys: ['name'] },
  secrets: { keys: ['name'], mergeKey: 'name' },
};

/** Maps and structs that are one value to server-side apply. */
const atomicMaps = [
  'spec.selector',
  'nodeSelector',
  'Selector',
  'fieldRef',
  'secretKeyRef',
  'configMapKeyRef',
  'resourceFieldRef',
];

/** Values of list keys that may be left out. */
export const keyDefaults: Record<string, string> = { protocol: 'TCP' };

/** Of custom resources only the metadata has list types here. */
export function listType(path: string, custom: boolean): ListType | undefined {
  if (custom && !path.startsWith('metadata.')) return undefined;
  const parts = path.split('.');
  const [field, ends] = [parts.at(-1) ?? '', parts.slice(-2).join('.')];
  return (
    lists[ends] ??
    (/ontainers\.\w+$/.test(ends)
      ? lists[`ontainers.${field}`]
      : parts.length === 1
        ? lists[field]
        : undefined)
  );
}

export function isAtomicMap(path: string, custom: boolean): boolean {
  return !custom && atomicMaps.some((end) => path.endsWith(end)) && !path.startsWith('metadata.');
}
