/** Before anything is touched: does somebody answer at the target, and can it be told who. */
import { milliseconds } from '../../dsl/duration.ts';
import type { Finding, StepContext } from '../kind.ts';
import type { Answer } from '../ports/requester.ts';
import { type LoadInput, targetOf } from './input.ts';

export async function checkTarget(
  input: Pick<LoadInput, 'path' | 'timeout' | 'via'>,
  context: StepContext,
): Promise<Finding[]> {
  const target = targetOf(input, context);
  const { signal } = context;
  const answer = await context.ports.requester.request(target, {
    timeoutMs: milliseconds(input.timeout),
    signal,
  });
  const where = `${target.host} at ${target.url}`;
  return [reached(answer, where), ...(context.fleet.identity === undefined ? [nobody(context)] : [])];
}

/** An error status is no mistake of the fleet file: set-up may be about to bring the application. */
function reached(answer: Answer, where: string): Finding {
  if (answer.status !== undefined)
    return { severity: 'ok', code: 'FD5010', where, what: `answers ${answer.status}`, remedy: '' };
  return {
    severity: 'error',
    code: 'FD5010',
    where,
    what: `no answer: ${answer.class} (${answer.error ?? 'no reason given'})`,
    remedy:
      'Correct the client or entry `url` and `host` in the fleet file, or start what should answer there',
  };
}

function nobody({ fleet }: StepContext): Finding {
  return {
    severity: 'warning',
    code: 'FD5011',
    where: fleet.file,
    what: 'the fleet file has no `identity`: who routed and who served a request cannot be told',
    remedy:
      'Let each entry point and each pod name its cluster in a header, and name the headers in `identity`',
  };
}
