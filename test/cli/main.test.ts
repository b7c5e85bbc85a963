import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { version } from '../../cli/place.ts';
import { entries } from '../../cli/table.ts';
import { reservedInputs } from '../../dsl/inputs.ts';
import { silent } from './silent.ts';

async function run(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const out = silent(argv.includes('--json'));
  return { code: await main(argv, env, out), said: out.printed.join('\n'), warned: out.warned.join('\n') };
}

test('an unknown command: 64, its code and the nearest name', async () => {
  const { code, warned } = await run(['strat', 'scenario-b']);
  expect(code).toBe(64);
  expect(warned).toContain('FD7001');
  expect(warned).toContain('start');
});

test('all mistakes of a command line come at once, for a program as JSON', async () => {
  const { code, said } = await run(['runs', 'extra', '--opne', '--json']);
  expect(code).toBe(64);
  expect(JSON.parse(said).problems.map((problem: { code: string }) => problem.code)).toEqual([
    'FD7002',
    'FD7004',
  ]);
});

test('a runbook that is not there: 64 and the nearest name', async () => {
  const { code, warned } = await run(['start', 'scenari-b']);
  expect(code).toBe(64);
  expect(warned).toContain('scenario-b');
});

test('flags that npm swallowed: 64 before anything is started', async () => {
  const env = { npm_lifecycle_event: 'start-workflow', npm_config_fleet: 'true' };
  const { code, warned } = await run(['start', 'scenario-b', 'lab-classic'], env);
  expect(code).toBe(64);
  expect(warned).toContain('npm run start-workflow -- scenario-b --fleet lab-classic');
});

test('help and version', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, said: version() });
  expect((await run([])).said).toContain('Exit codes');
  expect((await run(['down', '--help'])).said).toContain('--force');
});

test.each(entries.map((entry) => entry.name))(
  '%s loads, and its usage begins with its name',
  async (name) => {
    const { command } = await entries.find((entry) => entry.name === name)!.load();
    expect(command.usage.split(' ')[0]).toBe(name);
    expect(command.about).not.toBe('');
    expect(command.arguments.min).toBeLessThanOrEqual(command.arguments.max);
  },
);

test('a flag of `start` is no name for an input', async () => {
  const { command } = await entries.find((entry) => entry.name === 'start')!.load();
  for (const flag of Object.keys(command.flags)) expect(reservedInputs).toContain(flag);
});

test('the launcher runs the command line under a Node that reads TypeScript', () => {
  const launcher = join(import.meta.dirname, '../../bin/firedrill.js');
  expect(execFileSync(process.execPath, [launcher, '--version'], { encoding: 'utf8' }).trim()).toBe(
    version(),
  );
  expect(spawnSync(process.execPath, [launcher, 'nothing'], { encoding: 'utf8' })).toMatchObject({
    status: 64,
  });
});

test('a state folder that cannot be written is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-home-'));
  const file = join(import.meta.dirname, 'main.test.ts');
  const cli = join(import.meta.dirname, '../../cli/main.ts');
  const env = { ...process.env, FIREDRILL_HOME: join(file, 'below-a-file') };
  const { status, stderr } = spawnSync(process.execPath, [cli, 'lab', 'up'], {
    encoding: 'utf8',
    env,
    cwd: folder,
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toContain('FD7012');
  expect(status).toBe(4);
});
