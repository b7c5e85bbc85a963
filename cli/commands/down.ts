import { answers } from '../../lab/free-ports.ts';
import { type Command, jsonFlag } from '../command.ts';
import { exitCodes, problem, Stop } from '../problem.ts';
import { livingRecord } from '../processes/record.ts';
import { stopAll } from '../processes/stop-all.ts';
import { listRuns } from '../temporal/runs.ts';
import { openSession } from '../temporal/session.ts';

export const command: Command = {
  usage: 'down [--force]',
  about:
    'Stops the Temporal dev server, the lab and the workers of this checkout. Their state stays in .firedrill. ' +
    'Refuses while a run is open: what it changed would not be put back.',
  arguments: { min: 0, max: 0 },
  flags: { force: { type: 'boolean', summary: 'also while a run is open' }, ...jsonFlag },
  async run(call) {
    const open = call.on('force') ? [] : await openRuns();
    if (open.length > 0)
      throw new Stop(exitCodes.failed, [problem('FD7014', `still open: ${open.join(', ')}`)]);
    const stopped = await stopAll();
    if (call.out.json) call.out.data({ stopped });
    else call.out.print(stopped.length === 0 ? 'nothing was running' : `stopped: ${stopped.join(', ')}`);
    return exitCodes.passed;
  },
};

/** Of the embedded server, when it is up: it is not started only to be stopped. */
async function openRuns(): Promise<string[]> {
  const record = livingRecord('temporal');
  if (record === undefined || !(await answers(record.ports['grpc']!))) return [];
  const session = await openSession({ processes: 'server', say: () => {} });
  const runs = await listRuns(session, { open: true, limit: 10 });
  await session.close();
  return runs.map((run) => run.run);
}
