/** What the server says it serves: /api, /apis, /apis/GROUP, /apis/GROUP/VERSION, /version. */
import type { ResourceType } from './resources.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const withoutCollection = verbs.filter((verb) => verb !== 'deletecollection');
const subresourceKinds: Record<string, { kind: string; group?: string; version?: string; verbs: string[] }> =
  {
    scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
    eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    token: { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
  };

/** Groups that are answered and never stored. */
export const virtualTypes: {
  group: string;
  version: string;
  plural: string;
  kind: string;
  namespaced: boolean;
}[] = [
  ['authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'],
  ['authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview'],
  ['authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview'],
  ['authentication.k8s.io', 'tokenreviews', 'TokenReview'],
].map(([group = '', plural = '', kind = '']) => ({ group, version: 'v1', plural, kind, namespaced: false }));

export const version = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.4',
  gitCommit: 'firedrill-lab',
  gitTreeState: 'clean',
  buildDate: '2026-04-15T00:00:00Z',
  goVersion: 'go1.25',
  compiler: 'gc',
  platform: 'linux/amd64',
};

function groupsOf(types: ResourceType[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of [...types, ...virtualTypes])
    if (group !== '') groups.set(group, (groups.get(group) ?? new Set()).add(version));
  return groups;
}

function groupEntry(name: string, versions: Iterable<string>): { name: string; versions: object[] } {
  const served = [...versions].map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: served, preferredVersion: served[0] } as { name: string; versions: object[] };
}

function resourceEntries(type: ResourceType): object[] {
  const { plural, singular, kind, namespaced, shortNames } = type;
  const names = shortNames.length > 0 ? { shortNames } : {};
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: plural === 'namespaces' ? withoutCollection : verbs,
    ...names,
  };
  return [
    own,
    ...type.subresources.map((subresource) => ({
      name: `${plural}/${subresource}`,
      singularName: '',
      namespaced,
      ...(subresourceKinds[subresource] ?? { kind, verbs: ['get', 'patch', 'update'] }),
    })),
  ];
}

function resourceList(group: string, version: string, types: ResourceType[]): object | undefined {
  const stored = types.filter((type) => type.group === group && type.version === version);
  const answered = virtualTypes.filter((type) => type.group === group && type.version === version);
  if (stored.length + answered.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    // Of the core group it is left out.
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: [
      ...stored.flatMap(resourceEntries),
      ...answered.map(({ plural, kind, namespaced }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: ['create'],
      })),
    ],
  };
}

/** The answer to a discovery path, or undefined when it is none. */
export function discover(path: string, types: ResourceType[]): object | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  if (path === '/version') return version;
  if (parts[0] === 'api' && parts.length === 1)
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (parts[0] === 'api' && parts.length === 2) return resourceList('', parts[1] as string, types);
  if (parts[0] !== 'apis') return undefined;
  const groups = groupsOf(types);
  if (parts.length === 1)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups].map(([name, versions]) => groupEntry(name, versions)),
    };
  const versions = groups.get(parts[1] as string);
  if (parts.length === 2)
    return versions && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(parts[1] as string, versions) };
  return parts.length === 3 ? resourceList(parts[1] as string, parts[2] as string, types) : undefined;
}
