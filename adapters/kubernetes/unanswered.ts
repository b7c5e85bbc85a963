/** No answer at all: what stands in the way, where it is written, and what mends it. */
import { ApplicationFailure } from '@temporalio/common';
import { type FailureDetails, refused, transient } from '../../activities/failure.ts';
import type { Asked } from './answer.ts';
import { dateText, serverCertificate } from './certificate.ts';
import type { Origin } from './origin.ts';
import type { Phase } from './transport.ts';

export interface Failed {
  asked: Asked;
  server: string;
  /** `tls-server-name` of the kubeconfig. */
  servername: string | undefined;
  origin: Origin;
  phase: Phase;
  /** What the request was given. */
  withinMs: number;
  error: unknown;
}

/** A look at the certificate is only for the words: it may not cost much more. */
const LOOK_MS = 2_000;

export async function unanswered(failed: Failed): Promise<ApplicationFailure> {
  if (failed.error instanceof ApplicationFailure) return failed.error;
  const cause = rootCause(failed.error);
  const { code = '' } = cause;
  const details = (known: Pick<FailureDetails, 'code' | 'what' | 'remedy'>): FailureDetails => ({
    ...known,
    where: failed.asked.plane,
    what: `${failed.asked.verb} ${failed.asked.object}: ${known.what}`,
  });
  if (cause.name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return transient(details(silent(failed)));
  if (/^(ENOTFOUND|EAI_)/.test(code)) return transient(details(unresolved(failed)));
  const known = written(failed, cause) ?? (await secured(failed, cause));
  return known === undefined ? transient(details(unreachable(failed, cause))) : refused(details(known));
}

type Words = Pick<FailureDetails, 'code' | 'what' | 'remedy'>;
type Cause = {
  name: string;
  message: string;
  code?: string | undefined;
  path?: string | undefined;
  cause?: unknown;
};

/** By its shape: errors of Node's own parts need not be instances of this realm's Error. */
function rootCause(error: unknown): Cause {
  const { cause, code, path, name = 'Error', message } = Object(error) as Partial<Cause>;
  if (cause !== undefined) return rootCause(cause);
  const first = (error as AggregateError | undefined)?.errors?.[0];
  if (!message && first !== undefined) return rootCause(first);
  return { name, code, path, message: message || code || String(error) };
}

const silence: Record<Phase, [string, string]> = {
  credential: ['the credential was not there', 'look at what the kubeconfig takes it from'],
  connection: ['no connection came to be', 'check routes and firewalls between the worker and it'],
  handshake: [
    'it takes connections and the TLS handshake does not end',
    'check that this is the port of the API server, and what stands between (proxy, tunnel, MTU)',
  ],
  answer: ['it takes the request and says nothing', 'look at the log of the API server and at its etcd'],
  body: ['its answer began and did not end', 'check what stands between the worker and it (proxy, tunnel)'],
};

function silent({ server, phase, withinMs, origin }: Failed): Words {
  const [what, remedy] = silence[phase];
  return {
    code: 'FD3002',
    what: `no answer from ${server} in ${withinMs / 1000} s: ${what}`,
    remedy: `It is tried again; ${remedy}; its address is in ${origin.cluster}`,
  };
}

const unresolved = ({ server, origin }: Failed): Words => ({
  code: 'FD3030',
  what: `the name ${hostOf(server)} does not resolve on the worker`,
  remedy: `It is tried again; correct the address in ${origin.cluster}, or the worker's DNS (a private cluster resolves only inside its network)`,
});

const unreachable = ({ server, origin }: Failed, cause: Cause): Words => ({
  code: 'FD3001',
  what: `${server} cannot be reached: ${cause.message}`,
  remedy: `It is tried again; check that the API server runs, that the worker may reach it, and its address in ${origin.cluster}`,
});

/** What is wrong in the kubeconfig itself: no server was asked. */
function written({ server, origin }: Failed, cause: Cause): Words | undefined {
  if (cause.code === 'ENOENT' || cause.code === 'EACCES')
    return {
      code: 'FD3028',
      what: `the file ${cause.path} that ${origin.file} refers to cannot be read (${cause.code})`,
      remedy: `Put it there, or correct ${origin.user} and ${origin.cluster}`,
    };
  if (/^ERR_OSSL_/.test(cause.code ?? ''))
    return {
      code: 'FD3028',
      what: `client certificate, key or certificate authority cannot be used: ${cause.message}`,
      remedy: `Correct client-certificate and client-key (they must belong together) of ${origin.user}, and certificate-authority of ${origin.cluster}`,
    };
  if (/HTTP protocol is not allowed/.test(cause.message))
    return {
      code: 'FD3029',
      what: `the address ${server} is plain http, over which no credential is sent`,
      remedy: `Write https:// in ${origin.cluster}, or insecure-skip-tls-verify: true for a server on this machine`,
    };
  return undefined;
}

/** What TLS says; the server is looked at for dates and names. */
async function secured(failed: Failed, cause: Cause): Promise<Words | undefined> {
  const { server, servername, origin } = failed;
  const code = cause.code ?? '';
  if (server.startsWith('http:')) {
    const speaksTls = (await serverCertificate(server, servername, LOOK_MS)) !== undefined;
    return speaksTls ? plainOverTls(server, origin) : undefined;
  }
  if (/WRONG_VERSION|PACKET_LENGTH|RECORD_LAYER|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(code))
    return {
      code: 'FD3029',
      what: `${server} speaks no TLS: something with plain http listens there`,
      remedy: `Write the port of the API server (or http:// for a lab) in ${origin.cluster}`,
    };
  if (/ALERT/.test(code))
    return {
      code: 'FD3004',
      what: `${server} ended the TLS handshake because of our client certificate: ${cause.message}`,
      remedy: `Renew the client certificate of ${origin.user}`,
    };
  if (!/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_INVALID_CERT)/.test(code))
    return undefined;
  return untrusted(failed, cause);
}

export const plainOverTls = (server: string, origin: Origin): Words => ({
  code: 'FD3029',
  what: `${server} wants https, and the address says http`,
  remedy: `Write https:// in ${origin.cluster}`,
});

async function untrusted({ server, servername, origin }: Failed, cause: Cause): Promise<Words> {
  const shown = await serverCertificate(server, servername, LOOK_MS);
  if (cause.code === 'CERT_HAS_EXPIRED' || cause.code === 'CERT_NOT_YET_VALID') {
    const early = cause.code === 'CERT_NOT_YET_VALID';
    const dates =
      shown && (early ? ` until ${dateText(shown.validFromMs)}` : ` since ${dateText(shown.validToMs)}`);
    return {
      code: 'FD3026',
      what: `the certificate of ${server} is ${early ? 'not valid yet' : 'expired'}${dates ?? ''}`,
      remedy: early
        ? 'Set the clock of the worker, or of the machine that made the certificate'
        : 'Renew it on the cluster (kubeadm certs renew apiserver; k3s: restart k3s; kind: make the cluster again)',
    };
  }
  if (cause.code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      code: 'FD3027',
      what: `the certificate of ${server} is for other names${shown ? `: ${shown.names || shown.subject}` : ''}`,
      remedy: `Use one of these names as address, or as tls-server-name, in ${origin.cluster}`,
    };
  return {
    code: 'FD3003',
    what: `the certificate of ${server} is not trusted (${cause.message})${shown ? `: it was issued by ${shown.issuer}` : ''}`,
    remedy: `Give the authority that issued it as certificate-authority in ${origin.cluster}: was the cluster made again since that file was written? Then fetch its kubeconfig again`,
  };
}

function hostOf(server: string): string {
  try {
    return new URL(server).hostname;
  } catch {
    return server;
  }
}
