/** Bearer tokens: the administrator's, and signed ones of service accounts. */
import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { KubeObject, ObjectReader } from '../store.ts';

export interface User {
  username: string;
  uid?: string;
  groups: string[];
}

interface Claims {
  namespace: string;
  name: string;
  uid: string;
  /** The Secret that holds the token, when one does: the token goes with it. */
  secret?: string;
  /** Seconds since the epoch. */
  expires?: number;
  /** Whom it is meant for; absent: this API server. */
  audiences?: string[];
}

export const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

export interface Tokens {
  /** Undefined when the token is unknown, expired, or its account or Secret is gone. */
  user(token: string): User | undefined;
  issue(account: KubeObject, bound?: Pick<Claims, 'secret' | 'expires' | 'audiences'>): string;
}

export const ANONYMOUS: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

export function createTokens(store: ObjectReader, adminToken: string, clock: Clock): Tokens {
  function sign(payload: string): string {
    return createHmac('sha256', `${store.name}:${adminToken}`).update(payload).digest('base64url');
  }

  function claims(token: string): Claims | undefined {
    const [header, payload, signature] = token.split('.');
    if (payload === undefined || sign(`${header}.${payload}`) !== signature) return undefined;
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  }

  return {
    user(token) {
      if (token === adminToken)
        return { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
      const claimed = claims(token);
      if (claimed === undefined) return undefined;
      const { namespace, name, uid, secret, expires, audiences = [API_AUDIENCE] } = claimed;
      if (!audiences.includes(API_AUDIENCE)) return undefined;
      if (expires !== undefined && expires * 1000 < clock.now()) return undefined;
      if (store.get('core/serviceaccounts', namespace, name)?.metadata.uid !== uid) return undefined;
      if (secret !== undefined && store.get('core/secrets', namespace, secret) === undefined)
        return undefined;
      const groups = [
        'system:serviceaccounts',
        `system:serviceaccounts:${namespace}`,
        'system:authenticated',
      ];
      return { username: `system:serviceaccount:${namespace}:${name}`, uid, groups };
    },
    issue({ metadata }, bound = {}) {
      const claimed: Claims = {
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        uid: metadata.uid ?? '',
        ...bound,
      };
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claimed)}`;
      return `${signed}.${sign(signed)}`;
    },
  };
}
