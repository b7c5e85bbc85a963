/** serviceaccounts/token: a token that expires. */
import { timestamp } from '../../clock.ts';
import { isObject } from '../patch/json.ts';
import type { Plane, Reply } from '../plane.ts';
import { find } from '../read.ts';
import type { ApiRequest } from '../request.ts';

export function requestToken({ store, tokens, clock }: Plane, request: ApiRequest): Reply {
  const account = find(store, request);
  const asked = isObject(request.body) && isObject(request.body.spec) ? request.body.spec : {};
  const seconds = Number(asked.expirationSeconds ?? 3600);
  const expires = Math.floor(clock.now() / 1000) + seconds;
  const { name, namespace } = account.metadata;
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(clock.now()) },
      spec: { audiences: ['https://kubernetes.default.svc'], ...asked, expirationSeconds: seconds },
      status: { token: tokens.issue(account, { expires }), expirationTimestamp: timestamp(expires * 1000) },
    },
  };
}
