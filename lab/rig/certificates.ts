/**
 * The rig's certificates: one authority that every plane trusts, made anew when a rig is made. Keys are ECDSA
 * P-256, which is what kubeadm's successors use and quick to make.
 */
import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** PEM texts. */
export interface Pair {
  certificate: string;
  key: string;
}

/** Who a certificate speaks for: `organizations` become Kubernetes groups. */
export interface Subject {
  name: string;
  organizations?: string[];
}

export interface Authority {
  /** PEM, for those who are to trust it. */
  certificate: string;
  /** For an API server, an aggregated one or a webhook on 127.0.0.1; `names` are asked for besides. */
  server(name: string, names?: string[]): Promise<Pair>;
  client(subject: Subject): Promise<Pair>;
}

/** @param lifetimeDays of the authority and of all it signs; a rig is not meant to live longer. */
export async function createAuthority(name: string, lifetimeDays = 365): Promise<Authority> {
  const keys = await makeKeys();
  // Clocks of one machine agree; a day's slack lets a container with a late clock trust it as well.
  const validity = {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + lifetimeDays * DAY_MS),
  };
  const own = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });

  async function sign(subject: string, usage: string, names: string[]): Promise<Pair> {
    const pair = await makeKeys();
    const alternatives = names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const);
    const signed = await X509CertificateGenerator.create({
      subject,
      issuer: own.subject,
      publicKey: pair.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([usage]),
        ...(alternatives.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : []),
      ],
    });
    return { certificate: pemOf(signed), key: await privatePem(pair.privateKey) };
  }

  return {
    certificate: pemOf(own),
    server: (subject, names = []) => sign(`CN=${subject}`, SERVER_AUTH, ['127.0.0.1', 'localhost', ...names]),
    client: ({ name: user, organizations = [] }) =>
      sign([...organizations.map((group) => `O=${group}`), `CN=${user}`].join(', '), CLIENT_AUTH, []),
  };
}

/** What service account tokens are signed with; PEM. */
export function serviceAccountKeys(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const makeKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const isAddress = (name: string) => /^\d+(\.\d+){3}$/.test(name);

const pemOf = (certificate: X509Certificate) => `${certificate.toString('pem')}\n`;

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${bytes.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
