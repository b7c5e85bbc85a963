import { type Command, jsonFlag } from '../command.ts';
import {
  type Check,
  fleetFile,
  loopback,
  node,
  processes,
  python,
  stateIsWritable,
  temporalCli,
  workersPoll,
} from '../doctor/checks.ts';
import { goToolchain, rigPrograms } from '../doctor/rig.ts';
import { exitCodes } from '../problem.ts';

export const command: Command = {
  usage: 'doctor [--fleet FLEET]',
  about:
    'Checks everything on this machine that could stop a drill from starting, and says what to do. Starts nothing.',
  arguments: { min: 0, max: 0 },
  flags: {
    fleet: { type: 'string', value: 'FLEET', summary: 'name or path of the fleet file (lab)' },
    ...jsonFlag,
  },
  async run(call) {
    const checks = [
      node(),
      python(),
      stateIsWritable(),
      await loopback(),
      await temporalCli(),
      await goToolchain(),
      await rigPrograms(),
      await fleetFile(call.text('fleet') ?? 'lab'),
      ...(await processes()),
      await workersPoll(),
    ];
    if (call.out.json) call.out.data(checks);
    else for (const check of checks) call.out.print(line(check));
    return checks.some((check) => check.state === 'wrong') ? exitCodes.failed : exitCodes.passed;
  },
};

const marks: Record<Check['state'], string> = { ok: '✓', off: '·', wrong: '✗' };

function line({ name, state, what, remedy }: Check): string {
  const first = `${marks[state]} ${name.padEnd(13)} ${what}`;
  return remedy === undefined ? first : `${first}\n                → ${remedy}`;
}
