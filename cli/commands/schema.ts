import type { Command } from '../command.ts';
import { exitCodes } from '../problem.ts';

export const command: Command = {
  usage: 'schema',
  about:
    'Prints the JSON Schema of runbooks, with every step kind, for an editor to complete and check with.',
  arguments: { min: 0, max: 0 },
  flags: {},
  async run(call) {
    const { catalogue } = await import('../../activities/registry.ts');
    const { jsonSchema } = await import('../../dsl/json-schema.ts');
    call.out.data(jsonSchema(catalogue));
    return exitCodes.passed;
  },
};
