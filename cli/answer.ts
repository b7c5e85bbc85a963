/** The commands that answer a run are one command with another Update. */
import type { updates } from '../workflows/protocol.ts';
import { type Call, type Command, type Flag, jsonFlag } from './command.ts';
import { person } from './person.ts';
import { exitCodes } from './problem.ts';
import { findRun } from './temporal/runs.ts';
import { openSession } from './temporal/session.ts';
import { sendUpdate } from './temporal/update.ts';

interface Answer {
  update: keyof typeof updates;
  usage: string;
  about: string;
  arguments: Command['arguments'];
  flags?: Record<string, Flag>;
  /** Which of the arguments is the run; it may be left out when one is open. */
  run(call: Call): string | undefined;
  payload(call: Call, by: string): object;
  done: string;
}

export const noteFlag: Record<'note', Flag> = {
  note: { type: 'string', value: 'TEXT', summary: 'kept with the run' },
};

export function note(call: Call): { note?: string } {
  const text = call.text('note');
  return text === undefined ? {} : { note: text };
}

export function answerCommand(answer: Answer): Command {
  return {
    usage: answer.usage,
    about: answer.about,
    arguments: answer.arguments,
    flags: { ...answer.flags, ...jsonFlag },
    run: async (call) => {
      const session = await openSession({ processes: { tier: 'fleet' }, say: call.out.say });
      const { run } = await findRun(session, answer.run(call));
      await sendUpdate(session, run, answer.update, answer.payload(call, person()));
      if (call.out.json) call.out.data({ run, update: answer.update, accepted: true });
      else call.out.print(`${run}: ${answer.done}`);
      await session.close();
      return exitCodes.passed;
    },
  };
}
