import type { Command } from '../command.ts';
import { foreground } from '../foreground.ts';
import { cannot, problem } from '../problem.ts';
import { temporal } from '../processes/definitions.ts';
import { livingRecord } from '../processes/record.ts';

export const command: Command = {
  usage: 'temporal',
  about:
    'Runs the Temporal dev server in the foreground, on the ports and the database file of this checkout. ' +
    'Point others at it with TEMPORAL_ADDRESS.',
  arguments: { min: 0, max: 0 },
  flags: {},
  async run(call) {
    if (livingRecord('temporal') !== undefined)
      throw cannot(
        problem('FD7011', 'the dev server of this checkout is running already, in the background', {
          remedy: 'Use it, or stop it first: npx firedrill down.',
        }),
      );
    const { command: words, ports } = await temporal.prepare(call.out.say);
    call.out.print(`TEMPORAL_ADDRESS=127.0.0.1:${ports['grpc']}   Web UI http://127.0.0.1:${ports['ui']}`);
    return await foreground(words, {});
  },
};
