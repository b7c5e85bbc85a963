import { answerCommand } from '../answer.ts';

export const command = answerCommand({
  update: 'resume',
  usage: 'resume [RUN]',
  about: 'Lets a paused run go on.',
  arguments: { min: 0, max: 1 },
  run: (call) => call.arguments[0],
  payload: (_call, by) => ({ by, force: false }),
  done: 'goes on',
});
