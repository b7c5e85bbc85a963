/** What a request asks of the API: verb, resource and name, read from method and path as Kubernetes does. */
import type { ResourceType } from './resources.ts';
import type { User } from './tokens.ts';

export interface Target {
  group: string;
  version: string;
  plural: string;
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export interface ApiRequest {
  verb: Verb;
  type: ResourceType;
  target: Target;
  query: URLSearchParams;
  /** Without parameters: `application/merge-patch+json`. */
  contentType: string;
  /** Parsed; undefined when there was none. */
  body: unknown;
  user: User;
  /** Field manager when the query names none: the client's name. */
  agent: string;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for any other path (discovery, health). */
export function parsePath(path: string): Target | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const [group, version] = core ? ['', parts[1]] : [parts[1], parts[2]];
  const rest = parts.slice(core ? 2 : 3);
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  const within =
    rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [plural = '', name, subresource] = within ? rest.slice(2) : rest;
  const namespace = within ? rest[1] : undefined;
  return { group, version, plural, namespace, name, subresource };
}

export function verbOf(method: string, target: Target, query: URLSearchParams): Verb | undefined {
  const one = target.name !== undefined;
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (one) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return one ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

export function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1';
}
