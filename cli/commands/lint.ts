import { type Command, jsonFlag } from '../command.ts';
import { type Compiled, lintRunbook, printProblems } from '../compile.ts';
import { exitCodes } from '../problem.ts';
import { allRunbooks, requireRunbook } from '../runbook.ts';

export const command: Command = {
  usage: 'lint [RUNBOOK ...] [--fleet FLEET]',
  about:
    'Checks runbooks as `start` does, all their mistakes at once, and opens no connection. Alone: all of them.',
  arguments: { min: 0, max: 1000 },
  flags: {
    fleet: { type: 'string', value: 'FLEET', summary: 'name or path of the fleet file (lab)' },
    ...jsonFlag,
  },
  async run(call) {
    const paths = call.arguments.length > 0 ? call.arguments.map(requireRunbook) : allRunbooks();
    const checked: Compiled[] = [];
    for (const path of paths) checked.push(await lintRunbook(path, call.text('fleet') ?? 'lab'));
    const wrong = checked.filter((one) => one.plan === undefined);
    if (call.out.json) call.out.data({ problems: checked.flatMap((one) => one.problems) });
    else {
      for (const one of checked) printProblems(one.problems, call.out);
      call.out.print(`${checked.length} checked, ${wrong.length} with errors`);
    }
    return wrong.length === 0 ? exitCodes.passed : exitCodes.usage;
  },
};
