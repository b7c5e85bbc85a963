import { type Command, jsonFlag } from '../command.ts';
import { exitCodes } from '../problem.ts';

export const command: Command = {
  usage: 'steps',
  about: 'Lists the step kinds a runbook can use.',
  arguments: { min: 0, max: 0 },
  flags: jsonFlag,
  async run(call) {
    const { catalogue } = await import('../../activities/registry.ts');
    const kinds = [...catalogue.values()].sort((a, b) => a.name.localeCompare(b.name));
    if (call.out.json)
      call.out.data(kinds.map(({ name, version, summary, effect }) => ({ name, version, summary, effect })));
    else
      for (const kind of kinds)
        call.out.print(`${kind.name.padEnd(26)} ${kind.effect.padEnd(9)} ${kind.summary}`);
    return exitCodes.passed;
  },
};
