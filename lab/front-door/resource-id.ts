/** Paths of Azure Resource Manager, parsed once. */
export interface ResourcePath {
  subscription: string;
  group: string;
  /** e.g. `Microsoft.Cdn/profiles/originGroups/origins`. */
  type: string;
  /** Names along the type, e.g. ['lab', 'hello', 'aks1']; one fewer than types for a collection. */
  names: string[];
  collection: boolean;
  /** Id of the resource, or of the collection's parent. */
  id: string;
}

const pattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+?)\/?$/i;

export function parseResourcePath(path: string): ResourcePath | undefined {
  const found = pattern.exec(path);
  if (!found) return undefined;
  const [, subscription, group, provider, rest] = found as unknown as [
    string,
    string,
    string,
    string,
    string,
  ];
  const parts = rest.split('/').map(decodeURIComponent);
  const collection = parts.length % 2 === 1;
  const types = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  const owner = collection ? parts.slice(0, -1) : parts;
  const id = ['', 'subscriptions', subscription, 'resourceGroups', group, 'providers', provider, ...owner];
  return { subscription, group, type: [provider, ...types].join('/'), names, collection, id: id.join('/') };
}

/** The id one level up, or undefined for a top-level resource. */
export function parentOf(id: string): string | undefined {
  const parts = id.split('/');
  return parts.length > 9 ? parts.slice(0, -2).join('/') : undefined;
}

/** The profile or Front Door that an id belongs to: only one change at a time runs on it. */
export function ownerOf(id: string): string {
  return id.split('/').slice(0, 9).join('/');
}

export const lastName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
