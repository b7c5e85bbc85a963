/** What a drill came to against what it had to come to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '../../report/journal.ts';
import type { Case } from './case.ts';
import type { Ended } from './site.ts';

const exitCodes = { passed: 0, failed: 1, inconclusive: 2, aborted: 3, broken: 4 };
const PASSED_NOT_RESTORED = 5;

export function complaints(
  { expect, moments = [] }: Case,
  ended: Ended,
  left: string[],
  evidence: string,
): string[] {
  const { verdict, restored, movedBy = ended.movedBy, says, shows } = expect;
  const exitCode = verdict === 'passed' && restored === 'partly' ? PASSED_NOT_RESTORED : exitCodes[verdict];
  const journal = JSON.parse(readFileSync(join(evidence, 'journal.json'), 'utf8')) as Journal;
  return [
    ...differs('verdict', ended.verdict, verdict),
    ...differs('restored', ended.restored, restored),
    ...differs('moved by', ended.movedBy, movedBy),
    ...differs('exit code', ended.exitCode, exitCode),
    ...(says === undefined || says.test(ended.causes.join('\n')) ? [] : [`no cause says ${says}`]),
    ...(moments.length > 0 && journal.faultAtMs === undefined && verdict !== 'broken'
      ? ['the fault was never injected']
      : []),
    ...[shows?.(journal)].filter((complaint) => complaint !== undefined),
    ...left.slice(0, 8).map((path) => `left: ${path.slice(0, 240)}`),
  ];
}

function differs(what: string, is: unknown, must: unknown): string[] {
  return is === must ? [] : [`${what}: ${is}, it must be ${must}`];
}
