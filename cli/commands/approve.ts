import { answerCommand, note, noteFlag } from '../answer.ts';

export const command = answerCommand({
  update: 'approve',
  usage: 'approve STEP [RUN] [--refuse] [--note TEXT]',
  about: 'Lets a step that waits for a person begin; with --refuse it never does.',
  arguments: { min: 1, max: 2 },
  flags: { refuse: { type: 'boolean', summary: 'the step must not begin' }, ...noteFlag },
  run: (call) => call.arguments[1],
  payload: (call, by) => ({ step: call.arguments[0], by, approved: !call.on('refuse'), ...note(call) }),
  done: 'the answer is recorded',
});
