import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { neededTools, toolNames, tools } from '../../../lab/rig/binaries/tools.ts';
import {
  assetsBeside,
  cacheFolder,
  etcdPrints,
  moduleFolder,
  pinnedVersions,
  versionsKey,
} from '../../../lab/rig/binaries/versions.ts';
import { findBinaries } from '../../../lab/rig/binaries.ts';
import { allPrograms, program } from './programs.ts';

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'firedrill-rig-bin-'));
  // The stand-ins are scripts: they want a shell and `cat`, and the PATH of the search is another.
  env = { PATH: join(root, 'path'), XDG_CACHE_HOME: join(root, 'cache'), HOME: root };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const given = () => join(root, 'given');

test('every program is built from a package that its go.mod names as a tool', () => {
  for (const tool of toolNames) {
    const { module, package: path } = tools[tool];
    const text = readFileSync(join(moduleFolder(module), 'go.mod'), 'utf8');
    expect(text).toMatch(new RegExp(`^(tool |\t)${path.replaceAll('.', '\\.')}$`, 'm'));
  }
});

test('versions are those of the go.mod files', () => {
  const versions = pinnedVersions();
  for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(versionsKey()).toBe(
    `karmada-${versions.karmada}+kubernetes-${versions.kubernetes}+etcd-${versions.etcd}+kwok-${versions.kwok}`,
  );
  expect(cacheFolder(env)).toBe(join(root, 'cache', 'firedrill', 'rig', versionsKey(), 'bin'));
});

test('nothing there: all that is needed is missing, and Karmada’s definitions are', async () => {
  expect(await findBinaries(env)).toEqual({
    found: {},
    missing: neededTools,
    assets: undefined,
    remarks: [],
  });
});

test('each place is looked at before the next', async () => {
  allPrograms(cacheFolder(env));
  mkdirSync(assetsBeside(cacheFolder(env)));
  const cached = await findBinaries(env);
  expect(cached).toMatchObject({ missing: [], assets: assetsBeside(cacheFolder(env)), remarks: [] });
  expect(cached.found.kwok).toEqual({
    path: join(cacheFolder(env), 'kwok'),
    source: 'cache',
    version: pinnedVersions().kwok,
  });
  const onPath = program(env['PATH']!, 'kwok');
  expect((await findBinaries(env)).found.kwok).toMatchObject({ path: onPath, source: 'PATH' });
  const named = program(given(), 'kwok');
  const found = await findBinaries({ ...env, FIREDRILL_RIG_BIN: given() });
  expect(found.found.kwok).toMatchObject({ path: named, source: 'FIREDRILL_RIG_BIN' });
  expect(found.found.etcd?.source).toBe('cache');
});

test.each(toolNames)('%s is asked its version the way it wants to be asked', async (tool) => {
  program(env['PATH']!, tool);
  expect((await findBinaries(env)).found[tool]?.source).toBe('PATH');
});

test('another version on PATH is passed over, and that is said', async () => {
  const path = program(env['PATH']!, 'kube-apiserver', '1.34.2');
  program(env['PATH']!, 'kubectl', '1.32.4-dispatcher');
  const { found, missing, remarks } = await findBinaries(env);
  expect(found).toEqual({});
  expect(missing).toContain('kube-apiserver');
  expect(remarks).toEqual([
    `${path} is 1.34.2, the rig is pinned to ${pinnedVersions().kubernetes}: passed over`,
  ]);
});

test('another version in FIREDRILL_RIG_BIN is meant: used, and said', async () => {
  const path = program(given(), 'kube-apiserver', '1.36.0');
  const { found, remarks } = await findBinaries({ ...env, FIREDRILL_RIG_BIN: given() });
  expect(found['kube-apiserver']).toEqual({ path, source: 'FIREDRILL_RIG_BIN', version: '1.36.0' });
  expect(remarks).toEqual([expect.stringContaining('is 1.36.0, the rig is pinned to')]);
});

test('an etcd of the pinned go.mod says the version of its api module', async () => {
  program(env['PATH']!, 'etcd', etcdPrints());
  expect((await findBinaries(env)).found.etcd).toMatchObject({ source: 'PATH', version: etcdPrints() });
});

test('what a rig with a pulling member and a descheduler runs besides is needed then', async () => {
  const { missing } = await findBinaries({
    ...env,
    FIREDRILL_LAB_PULL: 'k3s',
    FIREDRILL_RIG_DESCHEDULER: '1',
  });
  expect(missing.slice(neededTools.length)).toEqual([
    'karmada-agent',
    'karmada-descheduler',
    'karmada-scheduler-estimator',
  ]);
});

test('what cannot be run is not found', async () => {
  chmodSync(program(cacheFolder(env), 'etcd'), 0o644);
  mkdirSync(join(cacheFolder(env), 'kwok'));
  expect((await findBinaries(env)).found).toEqual({});
});

test('Karmada’s definitions beside the named programs come before our own', async () => {
  for (const folder of [given(), cacheFolder(env)]) mkdirSync(assetsBeside(folder), { recursive: true });
  const { assets } = await findBinaries({ ...env, FIREDRILL_RIG_BIN: given() });
  expect(assets).toBe(assetsBeside(given()));
});
