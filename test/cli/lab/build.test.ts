/** `lab build` as it is typed, with a `go` that is none: what it calls, says, keeps, and when it refuses. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { isOlder, noRoom } from '../../../lab/rig/binaries/obstacles.ts';
import { neededTools, toolNames, tools } from '../../../lab/rig/binaries/tools.ts';
import { assetsBeside, cacheFolder } from '../../../lab/rig/binaries/versions.ts';
import { silent } from '../silent.ts';
import { fakeGo, program } from './programs.ts';

const cli = join(import.meta.dirname, '../../../cli/main.ts');

let root: string;
let state: string;
let before: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'firedrill-build-'));
  state = join(root, 'state');
  fakeGo(join(root, 'path'), state);
  before = { ...process.env };
  Object.assign(process.env, {
    PATH: [join(root, 'path'), '/usr/bin', '/bin'].join(delimiter),
    XDG_CACHE_HOME: join(root, 'cache'),
    FIREDRILL_HOME: join(root, 'home'),
  });
  delete process.env['FIREDRILL_RIG_BIN'];
});
afterEach(() => {
  process.env = before;
  rmSync(root, { recursive: true, force: true });
});

const bin = () => cacheFolder();
const say = (name: string, text: string) => writeFileSync(join(state, name), `${text}\n`);
const calls = () => readFileSync(join(state, 'calls'), 'utf8').trim().split('\n');
async function firedrill(...words: string[]) {
  const out = silent(words.includes('--json'));
  const code = await main(words, process.env, out);
  return { code, said: out.printed.join('\n'), warned: out.warned.join('\n') };
}

const build = (...words: string[]) => firedrill('lab', 'build', ...words);

test('builds the needed ones in order, with the flags that make them what they are, and says the time before', async () => {
  const { code, said } = await build();
  expect(code).toBe(0);
  expect(readdirSync(bin()).sort()).toEqual([...neededTools].sort());
  expect(readdirSync(assetsBeside(bin())).sort()).toEqual(['crds', 'roles', 'webhooks']);
  const built = calls().filter((call) => call.includes(' build '));
  expect(built.map((call) => call.split(' ').at(-1))).toEqual(neededTools.map((tool) => tools[tool].package));
  for (const call of built) expect(call).toMatch(/^(karmada|kwok) local 0 build -mod=readonly -trimpath /);
  expect(built[0]).toMatch(/-X k8s\.io\/component-base\/version\.gitVersion=v\d+\.\d+\.\d+ /);
  expect(said).toContain('about 12 minutes on 2 cores');
  expect(said).toMatch(/9\/9 kwok \(about a minute\) +\d+ s/);
  expect(said).toContain('The rig can start');
});

test('--only builds what is named, --optional the rest; what is there is not built again', async () => {
  const { said: some } = await build('--only', 'kubectl', '--only', 'etcd');
  expect(some).toContain(`They are in ${bin()}`);
  expect(readdirSync(bin()).sort()).toEqual(['etcd', 'kubectl']);
  rmSync(join(state, 'calls'));
  const { said } = await build('--optional', '--json');
  expect(Object.keys(JSON.parse(said).built)).toEqual(
    toolNames.filter((tool) => tool !== 'etcd' && tool !== 'kubectl'),
  );
  rmSync(join(state, 'calls'));
  expect((await build('--optional')).said).toContain('nothing to build');
  expect(existsSync(join(state, 'calls'))).toBe(false);
});

test('a failure says what go said; the same command goes on from there', async () => {
  say('fails-on', tools['kube-scheduler'].package);
  const failed = await build();
  expect(failed.code).toBe(4);
  expect(failed.warned).toContain('FD8015');
  expect(failed.warned).toContain('it does not compile');
  const earlier: string[] = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  expect(readdirSync(bin()).sort()).toEqual(earlier);
  rmSync(join(state, 'fails-on'));
  rmSync(join(state, 'calls'));
  expect((await build()).code).toBe(0);
  expect(calls().filter((call) => call.includes(' build '))).toHaveLength(
    neededTools.length - earlier.length,
  );
});

test('Ctrl-C: go is interrupted, what is built stays, nothing half is left', async () => {
  say('hangs-on', tools['kube-apiserver'].package);
  const command = spawn(process.execPath, [cli, 'lab', 'build'], { env: process.env, stdio: 'pipe' });
  let warned = '';
  command.stderr.on('data', (text: Buffer) => {
    warned += text;
  });
  while (!existsSync(join(state, 'hangs'))) await sleep(20);
  command.kill('SIGINT');
  const [code] = await once(command, 'close');
  expect(code).toBe(130);
  expect(warned).toContain('goes on from there');
  expect(readdirSync(bin())).toEqual(['etcd']);
});

test('drafts of a build that was killed are removed, those of one that runs stay', async () => {
  mkdirSync(bin(), { recursive: true });
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => dead.once('exit', resolve));
  const drafts = [`.etcd.${dead.pid}.draft`, `.etcd.${process.pid}.draft`];
  for (const name of drafts) writeFileSync(join(bin(), name), '');
  await build('--only', 'kwok');
  expect(readdirSync(bin()).sort()).toEqual([drafts[1], 'kwok']);
});

test('no go, and a folder that cannot be made: refused at once, nothing begun', async () => {
  writeFileSync(join(root, 'cache'), 'a file where the folder should be');
  process.env['PATH'] = join(root, 'empty');
  const { code, warned } = await build();
  expect(code).toBe(4);
  expect(warned).toContain('FD8013  PATH: there is no `go`');
  expect(warned).toContain('FIREDRILL_RIG_BIN=FOLDER');
  expect(warned).toContain(`FD8013  ${join(root, 'cache')}: it is no folder`);
});

test.each([['go1.24.3', ['karmada', 'kwok']] as const, ['go1.25.12', ['kwok']] as const])(
  '%s is too old for go.mod of %j',
  async (version, modules) => {
    say('version', version);
    const { code, warned } = await build();
    expect(code).toBe(4);
    for (const module of modules) expect(warned).toContain(`lab/rig/tools/${module}/go.mod`);
    expect(warned.match(/FD8013/g)).toHaveLength(modules.length);
    expect(calls().some((call) => call.includes(' build '))).toBe(false);
  },
);

test('an older go that builds what is named is no obstacle', async () => {
  say('version', 'go1.25.12');
  expect((await build('--only', 'etcd')).code).toBe(0);
});

test('sources that cannot be fetched: said with what go said, before anything is built', async () => {
  say('no-sources', '');
  const { code, warned } = await build();
  expect(code).toBe(4);
  expect(warned).toContain('FD8014');
  expect(warned).toContain('no such host');
  expect(warned).toContain('GOPROXY');
});

test('names that are none come all at once, each with the nearest', async () => {
  const { code, warned } = await build('--only', 'kube-apiservr', '--only', 'qqq');
  expect(code).toBe(64);
  expect(warned.match(/FD7003/g)).toHaveLength(2);
  expect(warned).toContain('Did you mean kube-apiserver');
});

test('without programs the rig is refused: what lacks, how long it takes, and nothing is started', async () => {
  program(bin(), 'etcd');
  for (const words of [
    ['lab', 'up', '--tier', 'rig'],
    ['start', 'scenario-b', '--fleet', 'rig'],
  ]) {
    const { code, warned } = await firedrill(...words);
    expect(code).toBe(4);
    expect(warned).toContain('FD8011');
    expect(warned).toContain('kube-apiserver');
    expect(warned).not.toContain('etcd');
    expect(warned).toContain('npx firedrill lab build (about 11 minutes on 2 cores)');
    expect(warned).toContain('--fleet lab');
  }
  expect(existsSync(join(root, 'home', 'processes'))).toBe(false);
});

test('a member that the rig has not cannot pull: said before anything is started', async () => {
  process.env['FIREDRILL_LAB_PULL'] = 'k3s,aks9';
  const { code, warned } = await firedrill('lab', 'up', '--tier', 'rig');
  expect(code).toBe(64);
  expect(warned).toContain('the rig has no member aks9');
});

test('a FIREDRILL_RIG_BIN that is no folder is an error, not passed over', async () => {
  process.env['FIREDRILL_RIG_BIN'] = join(root, 'absent');
  for (const words of [
    ['lab', 'build'],
    ['lab', 'up', '--tier', 'rig'],
  ]) {
    const { code, warned } = await firedrill(...words);
    expect(code).toBe(64);
    expect(warned).toContain('FD8012');
  }
});

test('no room for Go’s caches: refused, unless what fills them is there already', () => {
  const cache = join(root, 'go-build');
  const free = () => 2 ** 30;
  expect(noRoom(neededTools, [cache], free)).toEqual([
    expect.objectContaining({ where: cache, what: expect.stringContaining('1.0 GiB free') }),
  ]);
  expect(noRoom(['kube-scheduler'], [cache], free)).toEqual([]);
  mkdirSync(cache);
  // Sparse: it has the size and takes no room.
  writeFileSync(join(cache, 'compiled'), '');
  truncateSync(join(cache, 'compiled'), 9 * 2 ** 30);
  expect(noRoom(neededTools, [cache], free)).toEqual([]);
});

test('versions of Go are compared by number', () => {
  expect(isOlder('1.9.7', '1.26.0')).toBe(true);
  expect(isOlder('1.26rc1', '1.26.0')).toBe(false);
  expect(isOlder('1.26.0', '1.26.0')).toBe(false);
  expect(isOlder('1.25.10', '1.25.9')).toBe(false);
  expect(isOlder('devel +abc', '1.26.0')).toBe(false);
});
