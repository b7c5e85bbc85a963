/** Tells by an error or a status what became of a request. */
import type { RequestClass } from '../../dsl/window.ts';

export function classOfStatus(status: number): RequestClass {
  if (status >= 500) return 'http-5xx';
  if (status >= 400) return 'http-4xx';
  return status >= 200 ? 'ok' : 'other';
}

/** Node's and undici's codes. Unreachable counts as refused: either way nobody took the connection. */
const classes: Record<string, RequestClass> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETUNREACH: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  HPE_INVALID_EOF_STATE: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  EPROTO: 'tls',
  // The generator's own shortage: the request never left.
  EADDRNOTAVAIL: 'dropped',
  EMFILE: 'dropped',
  ENFILE: 'dropped',
  ENOBUFS: 'dropped',
  ENOMEM: 'dropped',
};

/** OpenSSL's certificate verdicts have no prefix in common. */
const tls = /^ERR_(TLS|SSL|OSSL)_|^CERT_|^CRL_|^UNABLE_TO_|SELF_SIGNED_CERT|HOSTNAME_MISMATCH/;

export function classOfError(error: unknown): RequestClass {
  if (typeof error !== 'object' || error === null) return 'other';
  const { code, errors, cause } = error as { code?: unknown; errors?: unknown[]; cause?: unknown };
  if (typeof code === 'string') {
    const known = classes[code];
    if (known !== undefined) return known;
    if (code.startsWith('EAI_')) return 'dns';
    if (tls.test(code)) return 'tls';
  }
  // Several addresses tried: the first one's error stands for all.
  if (Array.isArray(errors) && errors.length > 0) return classOfError(errors[0]);
  return cause === undefined ? 'other' : classOfError(cause);
}

/** One line, bounded, for a person. */
export function describeError(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const text = first instanceof Error ? first.message || first.name : String(first);
  return text.replace(/\s+/g, ' ').slice(0, 200);
}
