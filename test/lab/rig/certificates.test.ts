import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, it } from '@jest/globals';
import { createAuthority, serviceAccountKeys } from '../../../lab/rig/certificates.ts';

it('signs a server and a client that believe each other, and nobody else', async () => {
  const authority = await createAuthority('one');
  const stranger = await createAuthority('another');
  const server = await authority.server('api', ['kubernetes.default.svc']);
  const subjects: unknown[] = [];
  const listening = createServer(
    { cert: server.certificate, key: server.key, ca: authority.certificate, requestCert: true },
    (socket: TLSSocket) => {
      subjects.push(socket.getPeerCertificate().subject);
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    },
  );
  listening.on('tlsClientError', () => undefined);
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;

  async function ask(client: { certificate: string; key: string }, ca: string, servername: string) {
    const { certificate: cert, key } = client;
    const asked = request({ host: '127.0.0.1', port, cert, key, ca, servername, agent: false });
    asked.end();
    const [answer] = await once(asked, 'response');
    return answer.statusCode;
  }
  try {
    const admin = await authority.client({ name: 'rig-admin', organizations: ['system:masters'] });
    expect(await ask(admin, authority.certificate, 'kubernetes.default.svc')).toBe(200);
    expect(subjects).toEqual([expect.objectContaining({ O: 'system:masters', CN: 'rig-admin' })]);
    await expect(ask(admin, stranger.certificate, 'kubernetes.default.svc')).rejects.toThrow();
    await expect(ask(admin, authority.certificate, 'somewhere.else')).rejects.toThrow(/altnames/);
    const intruder = await stranger.client({ name: 'rig-admin' });
    await expect(ask(intruder, authority.certificate, 'localhost')).rejects.toThrow();
  } finally {
    listening.close();
  }
});

it('holds a certificate to its use and its time', async () => {
  const authority = await createAuthority('short', 2);
  const client = new X509Certificate((await authority.client({ name: 'kwok' })).certificate);
  expect(client.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(client.ca).toBe(false);
  const days = (Date.parse(client.validTo) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(2);
});

it('gives each plane keys of its own for service accounts', () => {
  const [one, other] = [serviceAccountKeys(), serviceAccountKeys()];
  expect(one.privateKey).toContain('BEGIN EC PRIVATE KEY');
  expect(one.publicKey).toContain('BEGIN PUBLIC KEY');
  expect(one.publicKey).not.toBe(other.publicKey);
});
