import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { readAccess } from '../../../lab/rig/edge/access.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-access-'));
  writeFileSync(join(folder, 'key.pem'), 'KEY');
});
afterAll(() => rmSync(folder, { recursive: true }));

const base64 = (text: string) => Buffer.from(text).toString('base64');
const whole = {
  contexts: [{ name: 'aks1', context: { cluster: 'c', user: 'u' } }],
  clusters: [
    { name: 'c', cluster: { server: 'https://127.0.0.1:1/', 'certificate-authority-data': base64('CA') } },
  ],
  users: [{ name: 'u', user: { 'client-certificate-data': base64('CERT'), 'client-key': 'key.pem' } }],
};

function read(config: object, context = 'aks1') {
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, stringify(config));
  return readAccess(file, context);
}

describe('how an API server is reached', () => {
  test('texts in the kubeconfig, and files beside it', () => {
    expect(read(whole)).toEqual({
      server: 'https://127.0.0.1:1',
      authority: 'CA',
      certificate: 'CERT',
      key: 'KEY',
    });
  });

  test.each([
    ['no context', { ...whole, contexts: [] }, 'there is no context aks1'],
    ['a cluster that is not there', { ...whole, clusters: [] }, 'there is no cluster c'],
    ['a user that is not there', { ...whole, users: [] }, 'there is no user u'],
    [
      'no key',
      { ...whole, users: [{ name: 'u', user: { 'client-certificate-data': 'eA==' } }] },
      'client-key of user u',
    ],
    ['no server', { ...whole, clusters: [{ name: 'c', cluster: {} }] }, 'server of cluster c'],
  ])('%s: the file is named, and what it lacks', (_what, config, text) => {
    expect(() => read(config)).toThrow(`${join(folder, 'kubeconfig')}: `);
    expect(() => read(config)).toThrow(text);
  });
});
