import { type Command, jsonFlag } from '../command.ts';
import { finish, follow } from '../live/follow.ts';
import { findRun } from '../temporal/runs.ts';
import { openSession } from '../temporal/session.ts';

export const command: Command = {
  usage: 'attach [RUN]',
  about:
    'Watches a run: the one that is open, or the one named. Starts what it needs and finds dead, so a run goes ' +
    'on after a crash. A run that is over is shown with its verdict.',
  arguments: { min: 0, max: 1 },
  flags: jsonFlag,
  async run(call) {
    const first = await openSession({ processes: 'server', say: call.out.say });
    const found = await findRun(first, call.arguments[0], true);
    return found.open ? await follow(first, found, call.out) : await finish(first, found, call.out);
  },
};
