/** Asks the control API of a lab. */
import { cannot, type Problem, problem } from '../problem.ts';
import { inHome } from '../processes/home.ts';
import { type LabTier, labControl, labs } from '../processes/labs.ts';

/** The rig answers when it is done: an API server that was killed takes seconds to be ready again. */
const DONE_WITHIN_MS = 60_000;

export async function askLab<T>(
  tier: LabTier,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<T> {
  const url = labControl(tier);
  if (url === undefined) throw cannot(noLab(tier));
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(method === 'GET' ? 10_000 : DONE_WITHIN_MS),
  }).catch(() => {
    throw cannot(noLab(tier));
  });
  const text = await answer.text();
  if (!answer.ok)
    throw cannot(problem('FD7021', messageIn(text), { where: `${labs[tier].name} ${method} ${path}` }));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function noLab(tier: LabTier): Problem {
  const { name } = labs[tier];
  const remedy = `Start it with \`npx firedrill lab up --tier ${tier}\`; \`npx firedrill lab status\` shows it.`;
  return problem('FD7021', `no ${name} answers`, { where: inHome(name), remedy });
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
