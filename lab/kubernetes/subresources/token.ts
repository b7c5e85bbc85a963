/** serviceaccounts/token: a token that expires. */
import { timestamp } from '../../clock.ts';
import { isObject } from '../patch/json.ts';
import type { Plane, Reply } from '../plane.ts';
import { find } from '../read.ts';
import type { ApiRequest } from '../request.ts';
import { invalid } from '../status-error.ts';
import { API_AUDIENCE } from '../tokens.ts';
import { wrong } from '../validation/problems.ts';

/** Seconds; a real server gives no shorter one. */
const SHORTEST = 600;

export function requestToken({ store, tokens, clock }: Plane, request: ApiRequest): Reply {
  const account = find(store, request);
  const asked = isObject(request.body) && isObject(request.body.spec) ? request.body.spec : {};
  const seconds = Number(asked.expirationSeconds ?? 3600);
  if (seconds < SHORTEST)
    throw invalid('authentication.k8s.io', 'TokenRequest', '', [
      wrong('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'),
    ]);
  const named = Array.isArray(asked.audiences) ? asked.audiences.map(String) : [];
  const audiences = named.length > 0 ? named : [API_AUDIENCE];
  const expires = Math.floor(clock.now() / 1000) + seconds;
  const { name, namespace, uid } = account.metadata;
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: timestamp(clock.now()) },
      spec: { boundObjectRef: null, ...asked, audiences, expirationSeconds: seconds },
      status: {
        token: tokens.issue(account, { expires, audiences }),
        expirationTimestamp: timestamp(expires * 1000),
      },
    },
  };
}
