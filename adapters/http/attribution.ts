/** Reads in an answer who routed and who served it. Used for checks and for load alike: one detector, not two. */
import { refused } from '../../activities/failure.ts';
import type { Fleet, Marker } from '../../dsl/fleet.ts';

export interface Identity {
  routed: string;
  served: string;
  pod: string;
  node: string;
}

export interface Attribution {
  /** `headers` with lower-case names. Members only in `routed` and `served`: a made-up name is nobody's. */
  identify(headers: Record<string, string>, body: string): Identity;
  /** Whether a marker is in the body, so that the body must be kept. */
  readsBody: boolean;
}

type Read = (headers: Record<string, string>, body: string) => string;

/** Names of pods and nodes are at most 253 characters (RFC 1123 subdomain, as Kubernetes limits them). */
const NAME_LIMIT = 253;

export function attribution(fleet: Pick<Fleet, 'identity' | 'members' | 'file'>): Attribution {
  const rules = fleet.identity;
  const routed = reader(rules?.routed, fleet.file);
  const served = reader(rules?.served, fleet.file);
  const pod = reader(rules?.pod, fleet.file);
  const node = reader(rules?.node, fleet.file);
  const member = (name: string) => (Object.hasOwn(fleet.members, name) ? name : '');
  return {
    readsBody: Object.values(rules ?? {}).some((marker) => marker !== undefined && 'body' in marker),
    identify: (headers, body) => ({
      routed: member(routed(headers, body)),
      served: member(served(headers, body)),
      pod: pod(headers, body),
      node: node(headers, body),
    }),
  };
}

function reader(marker: Marker | undefined, file: string): Read {
  if (marker === undefined) return () => '';
  if ('header' in marker) {
    const name = marker.header.toLowerCase();
    return (headers) => (headers[name] ?? '').trim().slice(0, NAME_LIMIT);
  }
  const pattern = compile(marker.body, file);
  return (_, body) => (pattern.exec(body)?.[1] ?? '').trim().slice(0, NAME_LIMIT);
}

function compile(source: string, file: string): RegExp {
  try {
    return new RegExp(source, 'mu');
  } catch (error) {
    throw refused({
      code: 'FD5001',
      where: file,
      what: `identity: the pattern ${source} is not a regular expression (${(error as Error).message})`,
      remedy: 'Write a JavaScript regular expression whose first group is the name, e.g. ^CLUSTER=(.+)$',
    });
  }
}
