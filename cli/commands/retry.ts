import { answerCommand, note, noteFlag } from '../answer.ts';

export const command = answerCommand({
  update: 'retry',
  usage: 'retry STEP [RUN] [--note TEXT]',
  about: 'Tries a step again that failed and asks (`on-failure: ask`).',
  arguments: { min: 1, max: 2 },
  flags: noteFlag,
  run: (call) => call.arguments[1],
  payload: (call, by) => ({ step: call.arguments[0], by, ...note(call) }),
  done: 'the step is tried again',
});
