import { answerCommand } from '../answer.ts';

export const command = answerCommand({
  update: 'pause',
  usage: 'pause [RUN] [--force]',
  about:
    'Holds a run before its next act; what runs already ends first, and traffic goes on. Between the fault and ' +
    'healthy users it takes --force, and the verdict is then inconclusive.',
  arguments: { min: 0, max: 1 },
  flags: { force: { type: 'boolean', summary: 'also between the fault and healthy users' } },
  run: (call) => call.arguments[0],
  payload: (call, by) => ({ by, force: call.on('force') }),
  done: 'paused before its next act',
});
