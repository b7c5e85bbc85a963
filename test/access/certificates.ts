/** Certificates good and bad: the test chooses when they end, and who signs. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;

/** PEM. */
export interface Pair {
  cert: string;
  key: string;
}

export interface Signed {
  /** From now; negative when it has ended. */
  endsInHours?: number;
  /** Default: 127.0.0.1, by address. */
  names?: { type: 'ip' | 'dns'; value: string }[];
}

export interface Authority {
  cert: string;
  sign(subject: string, how?: Signed): Promise<Pair>;
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${bytes.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const own = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 48 * HOUR_MS),
    notAfter: new Date(Date.now() + 48 * HOUR_MS),
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: own.toString('pem'),
    async sign(subject, { endsInHours = 24, names = [{ type: 'ip', value: '127.0.0.1' }] } = {}) {
      const pair = await newKeys();
      const signed = await X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: own.subject,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(Date.now() - 36 * HOUR_MS),
        notAfter: new Date(Date.now() + endsInHours * HOUR_MS),
        extensions: [new SubjectAlternativeNameExtension(names)],
      });
      return { cert: signed.toString('pem'), key: await pemOf(pair.privateKey) };
    },
  };
}
