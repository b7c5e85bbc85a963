/** When certificates end: the client's by its own text, the server's by looking at it. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { User } from '@kubernetes/client-node';

/** Epoch ms; undefined when the user has no client certificate, or one that is none (then TLS says so). */
export function clientCertificateEndMs(user: User | null): number | undefined {
  try {
    const text = user?.certFile ? readFileSync(user.certFile) : Buffer.from(user?.certData ?? '', 'base64');
    return text.length === 0 ? undefined : Date.parse(new X509Certificate(text).validTo);
  } catch {
    return undefined;
  }
}

export interface ServerCertificate {
  subject: string;
  issuer: string;
  validFromMs: number;
  validToMs: number;
  /** As in the certificate: `DNS:localhost, IP Address:127.0.0.1`. */
  names: string;
}

/**
 * The certificate that a server shows, without trusting it and without telling it anything; undefined when it
 * does not speak TLS or not in time.
 */
export function serverCertificate(
  address: string,
  servername: string | undefined,
  withinMs: number,
): Promise<ServerCertificate | undefined> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const sni = servername ?? (isIP(host) === 0 ? host : undefined);
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(sni === undefined ? {} : { servername: sni }),
    });
    const end = (shown?: ServerCertificate) => {
      socket.destroy();
      resolve(shown);
    };
    socket.setTimeout(withinMs, () => end());
    socket.once('error', () => end());
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      end(
        shown && {
          subject: onOneLine(shown.subject),
          issuer: onOneLine(shown.issuer),
          validFromMs: Date.parse(shown.validFrom),
          validToMs: Date.parse(shown.validTo),
          names: shown.subjectAltName ?? '',
        },
      );
    });
  });
}

const onOneLine = (name: string): string => name.replaceAll('\n', ', ');

/** To the second, UTC. */
export const dateText = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
