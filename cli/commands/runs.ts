import { type Command, jsonFlag } from '../command.ts';
import { exitCodes, problem, usage } from '../problem.ts';
import { listRuns, type Run } from '../temporal/runs.ts';
import { openSession } from '../temporal/session.ts';

export const command: Command = {
  usage: 'runs [--open] [--limit N]',
  about:
    'Lists runs, newest first. The embedded server keeps closed ones for a day; their reports stay in runs/.',
  arguments: { min: 0, max: 0 },
  flags: {
    open: { type: 'boolean', summary: 'only those that are open' },
    limit: { type: 'string', value: 'N', summary: 'at most so many (20)' },
    ...jsonFlag,
  },
  async run(call) {
    const limit = Number(call.text('limit') ?? 20);
    if (!Number.isInteger(limit) || limit < 1)
      throw usage(problem('FD7003', `--limit must be a whole number from 1, found "${call.text('limit')}"`));
    const session = await openSession({ processes: 'server', say: call.out.say });
    const runs = await listRuns(session, { open: call.on('open'), limit });
    await session.close();
    if (call.out.json) call.out.data(runs);
    else if (runs.length === 0) call.out.print('no runs');
    else for (const run of runs) call.out.print(row(run));
    return exitCodes.passed;
  },
};

function row(run: Run): string {
  const began = run.startedAt.slice(0, 19).replace('T', ' ');
  const state = run.status === 'running' ? (run.phase ?? 'running') : (run.verdict ?? run.status);
  return `${run.run.padEnd(40)} ${began}  ${state.padEnd(12)} ${run.fleet ?? ''}`.trimEnd();
}
