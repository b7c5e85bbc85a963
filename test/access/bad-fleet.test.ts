/**
 * One fleet in which every member is wrong in another way: a single preflight must name each with its member, what
 * is wrong, and what to do. Four of them hang; one after the other they would take longer than the test may.
 */

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { createAuthority } from './certificates.ts';
import { type Access, type BadFleet, base64, jwt, writeFleet } from './fleet.ts';
import {
  apiServer,
  endless,
  type Listening,
  loginPage,
  mute,
  nobody,
  servePlain,
  serveSilence,
  serveTls,
} from './servers.ts';

const WITHIN_MS = 30_000;
const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const account = { iss: ISSUER, sub: 'system:serviceaccount:demo:drill' };
const nowS = Math.floor(Date.now() / 1000);

let fleet: BadFleet;
let servers: Listening[];
let findings: PreflightFinding[];

beforeAll(async () => {
  const [ours, others] = await Promise.all([createAuthority('ours'), createAuthority('others')]);
  const good = await ours.sign('server');
  servers = await Promise.all([
    serveTls(good, apiServer),
    serveTls(await ours.sign('server', { endsInHours: -3 }), apiServer),
    serveTls(await ours.sign('server', { names: [{ type: 'dns', value: 'other.example.com' }] }), apiServer),
    serveTls(good, mute),
    serveTls(good, endless),
    serveTls(good, loginPage),
    servePlain(apiServer),
    serveSilence(),
    nobody(),
  ]);
  const [api, ended, otherName, silent, unending, login, plain, hung, gone] = servers.map((one) => one.url);
  const at = (server: string | undefined): Access['cluster'] => ({
    server: server!,
    'certificate-authority-data': base64(ours.cert),
  });
  const by = async (endsInHours: number) => {
    const { cert, key } = await ours.sign('drill', { endsInHours });
    return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  };
  const own = await by(24);
  const plugin = (command: string, ...args: string[]): Access => ({
    cluster: at(api),
    user: {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args, interactiveMode: 'Never' },
    },
  });
  const node = (script: string) => plugin(process.execPath, '-e', script);

  fleet = writeFleet({
    fine: { cluster: at(api), user: own },
    'by-plugin': node(`console.log(JSON.stringify({ status: { token: 'good' } }))`),
    'by-file': { cluster: at(api), user: { tokenFile: 'token' } },
    'no-token-file': { cluster: at(api), user: { tokenFile: '/nowhere/token' } },
    'ends-soon': { cluster: at(api), user: await by(1) },
    'no-file': { cluster: at(api), text: undefined },
    'no-yaml': { cluster: at(api), text: 'clusters: [{' },
    'no-context': { cluster: at(api), context: 'drlil' },
    'no-entry': {
      cluster: at(api),
      text: JSON.stringify({ contexts: [{ name: 'drill', context: { cluster: 'there', user: 'someone' } }] }),
    },
    'no-authority': { cluster: { server: api!, 'certificate-authority': '/nowhere/ca.crt' } },
    'wrong-key': { cluster: at(api), user: { ...own, 'client-key-data': (await by(1))['client-key-data'] } },
    'client-ended': { cluster: at(gone), user: await by(-2) },
    'server-ended': { cluster: at(ended) },
    'other-name': { cluster: at(otherName) },
    'other-authority': { cluster: { server: api!, 'certificate-authority-data': base64(others.cert) } },
    'plugin-missing': plugin('no-such-kubelogin'),
    'plugin-fails': node(`console.error('AADSTS700082: expired'); process.exit(3)`),
    'plugin-hangs': node(
      `console.error('open https://microsoft.com/devicelogin'); setInterval(() => {}, 1000)`,
    ),
    'plugin-babbles': node(`console.log('token: good')`),
    'other-audience': { cluster: at(api), user: { token: jwt({ ...account, aud: ['vault'] }) } },
    'token-ended': { cluster: at(api), user: { token: jwt({ ...account, aud: ISSUER, exp: nowS - 60 }) } },
    'token-unknown': { cluster: at(api), user: { token: 'nobody-knows-it' } },
    'hangs-in-handshake': { cluster: at(hung) },
    'hangs-in-answer': { cluster: at(silent) },
    'hangs-in-body': { cluster: at(unending) },
    'login-page': { cluster: at(login) },
    refuses: { cluster: at(gone) },
    unresolved: { cluster: at('https://api.aks1.invalid:6443') },
    'http-to-https': { cluster: { server: api!.replace('https', 'http'), 'insecure-skip-tls-verify': true } },
    'https-to-http': { cluster: at(plain!.replace('http', 'https')) },
    'plain-http': { cluster: { server: plain! } },
  });
  writeFileSync(join(fleet.folder, 'by-file', 'token'), 'good');
  findings = await fleet.preflight();
}, WITHIN_MS);

afterAll(() => {
  fleet?.close();
  for (const server of servers ?? []) server.close();
});

const about = (member: string) => findings.filter((one) => one.where === member);

/** Member, code, and what must stand in what is wrong and in the remedy. */
const table: [string, string, RegExp, RegExp][] = [
  ['no-file', 'FD3011', /no kubeconfig at .*no-file\/config/, /fleet file/],
  ['no-yaml', 'FD3012', /no-yaml\/config cannot be read/, /kubectl config view/],
  ['no-context', 'FD3014', /no context drlil; it has drill/, /`context`/],
  ['no-entry', 'FD3033', /cluster "there" of .*no-entry\/config and user "someone"/, /Add the entry/],
  ['no-authority', 'FD3028', /\/nowhere\/ca\.crt.*ENOENT/, /cluster "there" of .*config/],
  ['no-token-file', 'FD3028', /\/nowhere\/token.*ENOENT/, /user "someone" of/],
  ['wrong-key', 'FD3028', /cannot be used: .*key values mismatch/i, /user "someone" of .*wrong-key\/config/],
  ['client-ended', 'FD3022', /user "someone" of .*config ended at \d{4}-.*Z/, /az aks get-credentials/],
  ['server-ended', 'FD3026', /expired since \d{4}-.*Z/, /Renew it on the cluster/],
  ['other-name', 'FD3027', /for other names: DNS:other\.example\.com/, /tls-server-name/],
  [
    'other-authority',
    'FD3003',
    /not trusted .* issued by CN=ours/,
    /certificate-authority in cluster "there"/,
  ],
  ['plugin-missing', 'FD3021', /cannot be run: no-such-kubelogin/, /Install no-such-kubelogin/],
  [
    'plugin-fails',
    'FD3031',
    /failed \(exit code 3\): AADSTS700082: expired/,
    /Run .*node with the arguments of its users\[\]\.user\.exec by hand/,
  ],
  ['plugin-hangs', 'FD3031', /did not end in 8 s.*microsoft\.com\/devicelogin/, /nobody to sign in/],
  ['plugin-babbles', 'FD3031', /printed no ExecCredential/, /JSON with status\.token/],
  ['other-audience', 'FD3025', /another audience: vault/, /kubectl create token drill -n demo/],
  ['token-ended', 'FD3023', /demo:drill\) ended at \d{4}-.*Z/, /kubectl create token drill -n demo/],
  ['token-unknown', 'FD3004', /user "someone" of .*config is not accepted/, /Renew it/],
  ['hangs-in-handshake', 'FD3002', /in 10 s: .*TLS handshake does not end/, /port of the API server/],
  ['hangs-in-answer', 'FD3002', /takes the request and says nothing/, /etcd/],
  ['hangs-in-body', 'FD3002', /began and did not end/, /proxy/],
  ['login-page', 'FD3032', /not as a Kubernetes API server/, /login page/],
  ['refuses', 'FD3001', /cannot be reached: .*ECONNREFUSED/, /address in cluster "there" of/],
  ['unresolved', 'FD3030', /api\.aks1\.invalid does not resolve/, /DNS/],
  ['http-to-https', 'FD3029', /wants https/, /https:\/\/ in cluster "there"/],
  ['https-to-http', 'FD3029', /speaks no TLS/, /port of the API server/],
  ['plain-http', 'FD3029', /plain http/, /insecure-skip-tls-verify/],
];

describe('a preflight of a fleet in which nearly all is wrong', () => {
  test.each(table)('%s: %s', (member, code, what, remedy) => {
    const errors = about(member).filter((one) => one.severity === 'error');
    expect(errors.map((one) => one.code)).toContain(code);
    const found = errors.find((one) => one.code === code)!;
    expect(found.what).toMatch(what);
    expect(found.remedy).toMatch(remedy);
  });

  test('each is told once, though two of its checks ask for it', () => {
    for (const [member] of table.filter(([name]) => name !== 'client-ended')) {
      expect(about(member).filter((one) => one.severity === 'error')).toHaveLength(1);
    }
  });

  test('a certificate that has ended is found although nobody answers', () => {
    expect(about('client-ended').map((one) => one.code)).toEqual(['FD3022', 'FD3001']);
  });

  test('what is right stays right beside them', () => {
    const fine = { severity: 'ok', code: 'FD6020', what: 'answers (v1.35.4) to drill' };
    expect(about('fine')).toContainEqual(expect.objectContaining(fine));
    expect(about('by-file')).toContainEqual(expect.objectContaining(fine));
    expect(about('by-plugin')).toContainEqual(expect.objectContaining(fine));
  });

  test('a certificate that ends soon is a warning', () => {
    expect(about('ends-soon').map(({ severity, code }) => [severity, code])).toContainEqual([
      'warning',
      'FD3024',
    ]);
  });

  test('nothing that was printed or sent as a credential is told', () => {
    expect(JSON.stringify(findings)).not.toMatch(/token: good|nobody-knows-it/);
  });
});

test('a credential that was renewed is taken by a worker that runs', async () => {
  const authority = await createAuthority('renewing');
  const server = await serveTls(await authority.sign('server'), apiServer);
  const cluster = { server: server.url, 'certificate-authority-data': base64(authority.cert) };
  const renewed = writeFleet({ k3s: { cluster, user: { token: 'old' } } });
  try {
    const { member } = renewed.ports();
    const { signal } = new AbortController();
    await expect(member('k3s').version(signal)).rejects.toThrow(/not accepted/);
    renewed.write('k3s', { cluster, user: { token: 'good' } });
    expect(await member('k3s').version(signal)).toBe('v1.35.4');
  } finally {
    renewed.close();
    server.close();
  }
});

test('a plugin is asked again when what it gave is not accepted any more', async () => {
  const authority = await createAuthority('revoking');
  const server = await serveTls(await authority.sign('server'), apiServer);
  const revoked = writeFleet({ aks1: { cluster: { server: server.url } } });
  const script = join(revoked.folder, 'plugin');
  const counter = join(revoked.folder, 'asked');
  // Its first token is one that the server does not know.
  const lines = [
    `#!${process.execPath}`,
    "const { appendFileSync, readFileSync } = require('node:fs');",
    `appendFileSync('${counter}', '.');`,
    `const first = readFileSync('${counter}').length === 1;`,
    "console.log(JSON.stringify({ status: { token: first ? 'revoked' : 'good' } }));",
  ];
  writeFileSync(script, lines.join('\n'));
  chmodSync(script, 0o755);
  try {
    revoked.write('aks1', {
      cluster: { server: server.url, 'certificate-authority-data': base64(authority.cert) },
      // Relative to the kubeconfig, as kubectl takes it.
      user: { exec: { command: '../plugin', args: [] } },
    });
    expect(await revoked.ports().member('aks1').version(new AbortController().signal)).toBe('v1.35.4');
  } finally {
    revoked.close();
    server.close();
  }
});
