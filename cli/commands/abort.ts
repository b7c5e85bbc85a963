import { answerCommand } from '../answer.ts';

export const command = answerCommand({
  update: 'abort',
  usage: 'abort [RUN] [--reason TEXT]',
  about: 'Ends a run now and puts everything back. Recovery is not cut short.',
  arguments: { min: 0, max: 1 },
  flags: { reason: { type: 'string', value: 'TEXT', summary: 'kept with the run' } },
  run: (call) => call.arguments[0],
  payload: (call, by) => ({ by, reason: call.text('reason') ?? 'asked for on the command line' }),
  done: 'aborting; everything is put back',
});
