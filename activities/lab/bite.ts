/** Whether a fault of the lab can be seen from outside, by asking what it is set upon. */
import type { Probed, StepContext } from '../kind.ts';
import type { LabFault } from '../ports/lab.ts';
import { FEDERATION, kindOfFault } from './faults.ts';

/** A plane that answers does so at once; one that hangs must not hold up the run. */
const ANSWER_MS = 3_000;

export async function bite(fault: LabFault, context: StepContext): Promise<Probed> {
  const { shows } = kindOfFault(fault.kind);
  if (shows === 'entry') return biteOfEntry(fault, context);
  // One that is only for some verbs is not seen by a plain question.
  if (shows === 'api' && fault.options['verbs'] === undefined) return biteOfApi(fault, context);
  return { bitten: true, evidence: `the lab says that ${fault.kind} is in force on ${fault.target}` };
}

async function biteOfApi({ target }: LabFault, context: StepContext): Promise<Probed> {
  const { ports, signal } = context;
  const plane = target === FEDERATION ? ports.federation() : ports.member(target);
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    const version = await plane.version(AbortSignal.any([signal, limit]));
    return { bitten: false, evidence: `the API of ${target} answers (${version})` };
  } catch (error) {
    signal.throwIfAborted();
    const why = limit.aborted ? `no answer in ${ANSWER_MS / 1000} s` : whatOf(error);
    return { bitten: true, evidence: `the API of ${target} does not serve: ${why}` };
  }
}

async function biteOfEntry({ target }: LabFault, { ports, signal }: StepContext): Promise<Probed> {
  const answer = await ports.requester.request(ports.member(target).entry(), {
    timeoutMs: ANSWER_MS,
    signal,
  });
  signal.throwIfAborted();
  const told = answer.status === undefined ? (answer.error ?? answer.class) : `HTTP ${answer.status}`;
  return { bitten: answer.class !== 'ok', evidence: `a request straight to ${target}: ${told}` };
}

const whatOf = (error: unknown): string => {
  const details = (error as { details?: { what?: string }[] }).details?.[0];
  return details?.what ?? (error instanceof Error ? error.message : String(error));
};
