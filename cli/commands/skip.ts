import { answerCommand, note, noteFlag } from '../answer.ts';

export const command = answerCommand({
  update: 'skip',
  usage: 'skip STEP [RUN] [--note TEXT]',
  about:
    'Goes on without a step that failed and asks (`on-failure: ask`). The verdict is then at best inconclusive, ' +
    'unless the step is optional.',
  arguments: { min: 1, max: 2 },
  flags: noteFlag,
  run: (call) => call.arguments[1],
  payload: (call, by) => ({ step: call.arguments[0], by, ...note(call) }),
  done: 'the step is skipped',
});
