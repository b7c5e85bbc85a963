import type { Command } from '../command.ts';
import { foreground } from '../foreground.ts';
import { script } from '../place.ts';
import { problem, usage } from '../problem.ts';
import { workerEnvironment } from '../worker-environment.ts';

export const command: Command = {
  usage: 'work --once',
  about:
    'Works the runs that are open on its queues and ends when none is left: a worker for jobs that are started ' +
    'on demand. With TEMPORAL_ADDRESS it needs nothing else on the machine.',
  arguments: { min: 0, max: 0 },
  flags: { once: { type: 'boolean', summary: 'end when no run is open (`worker` is the one that stays)' } },
  async run(call) {
    if (!call.on('once'))
      throw usage(problem('FD7004', 'work ends when no run is open, and wants that said: work --once'));
    return await foreground(
      [process.execPath, script('worker'), '--once'],
      await workerEnvironment(call.out.say),
    );
  },
};
