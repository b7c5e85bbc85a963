/** Asks the lab's control API. */
import { cannot, type Problem, problem } from './problem.ts';
import { labControl } from './processes/definitions.ts';
import { inHome } from './processes/home.ts';

export async function askLab<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
  const url = labControl();
  if (url === undefined) throw cannot(noLab());
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw cannot(noLab());
  });
  const text = await answer.text();
  if (!answer.ok) throw cannot(problem('FD7021', messageIn(text), { where: `lab ${method} ${path}` }));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function noLab(): Problem {
  return problem('FD7021', 'no lab answers', { where: inHome('lab') });
}

/** The control API answers errors as JSON with a message. */
function messageIn(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: string; error?: string };
    return body.message ?? body.error ?? text;
  } catch {
    return text;
  }
}
