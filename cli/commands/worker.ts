import type { Command } from '../command.ts';
import { foreground } from '../foreground.ts';
import { script } from '../place.ts';
import { problem, usage } from '../problem.ts';
import { workerEnvironment } from '../worker-environment.ts';

export const command: Command = {
  usage: 'worker [--queue control|traffic]',
  about:
    'Runs a worker in the foreground, against TEMPORAL_ADDRESS or a profile of temporal.toml, else against the ' +
    'dev server of this checkout. In production keep traffic in a process of its own: --queue traffic.',
  arguments: { min: 0, max: 0 },
  flags: { queue: { type: 'string', value: 'QUEUE', summary: 'control or traffic (both)' } },
  async run(call) {
    const queue = call.text('queue');
    if (queue !== undefined && queue !== 'control' && queue !== 'traffic')
      throw usage(problem('FD7003', `--queue must be control or traffic, found "${queue}"`));
    const env = await workerEnvironment(call.out.say);
    const only = queue === undefined ? [] : ['--queue', queue];
    return await foreground([process.execPath, script('worker'), ...only], env);
  },
};
