/** A credential that is not accepted (401): the server does not say why, the credential itself often does. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { FailureDetails } from '../../activities/failure.ts';
import type { Expiry } from '../../activities/ports/plane.ts';
import { clientCertificateEndMs, dateText } from './certificate.ts';
import type { Origin } from './origin.ts';
import { claimsOf, isForOthers, renewal } from './token.ts';

type Words = Pick<FailureDetails, 'code' | 'what' | 'remedy'>;

/** @param token what was sent, when it did not stand in the kubeconfig. */
export function rejection(config: KubeConfig, origin: Origin, token: string | undefined): Words {
  const ended = expiriesOf(config, origin).find((one) => one.atMs <= Date.now());
  if (ended)
    return { code: ended.code, what: `${ended.what} ended at ${dateText(ended.atMs)}`, remedy: ended.remedy };
  const claims = claimsOf(token ?? config.getCurrentUser()?.token);
  if (claims && isForOthers(claims))
    return {
      code: 'FD3025',
      what: `the token of ${origin.user} is for another audience: ${claims.audiences.join(', ')}`,
      remedy: `Make one without --audience: ${renewal(claims)}`,
    };
  const owner = claims ? ` of ${claims.subject}, issued by ${claims.issuer},` : '';
  return {
    code: 'FD3004',
    what: `the credential${owner} of ${origin.user} is not accepted`,
    remedy: `Renew it: it may belong to another cluster or to one that was made again, or have been revoked`,
  };
}

/** What the kubeconfig holds that ends by itself. What a plugin or a token file gives is renewed by them. */
export function expiriesOf(config: KubeConfig, origin: Origin): Expiry[] {
  const user = config.getCurrentUser();
  const found: Expiry[] = [];
  const certificateMs = clientCertificateEndMs(user);
  if (certificateMs !== undefined)
    found.push({
      code: 'FD3022',
      atMs: certificateMs,
      what: `the client certificate of ${origin.user}`,
      remedy: `Fetch the kubeconfig again (AKS: az aks get-credentials --overwrite-existing; k3s: restart k3s, then copy /etc/rancher/k3s/k3s.yaml; kubeadm: kubeadm certs renew admin.conf; Karmada: karmadactl init writes karmada-apiserver.config)`,
    });
  const claims = claimsOf(user?.token);
  if (claims?.endMs !== undefined)
    found.push({
      code: 'FD3023',
      atMs: claims.endMs,
      what: `the token of ${origin.user} (${claims.subject})`,
      remedy: `Make another one: ${renewal(claims)}`,
    });
  return found;
}
