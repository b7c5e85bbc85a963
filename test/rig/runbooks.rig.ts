/**
 * Every shipped runbook, through the command line, on real control planes (or, with FIREDRILL_FLEET, another fleet
 * of the same shape): the same verdict, the same mover and the same spreads on both tiers.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Journal } from '../../report/journal.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { calmly } from '../outside/calmly.ts';
import { checkoutIn } from '../outside/checkout.ts';
import { type Expected, runbooks } from './expectations.ts';

const fleet = process.env['FIREDRILL_FLEET'] ?? 'rig';
const kubeconfig = process.env['FIREDRILL_RIG'];
if (kubeconfig === undefined) throw new Error('FIREDRILL_RIG is not set: run this by npm run test:rig');
const checkout = checkoutIn(join(dirname(kubeconfig), '..', '..'));

const DRILL_WITHIN_MS = 420_000;
/** Control planes, users and the one who measures share this machine. */
const ATTEMPTS = 3;

afterAll(async () => {
  await checkout.ask(20_000, 'lab', 'mend', '--tier', 'rig');
});

describe(`runbooks on ${fleet}`, () => {
  test.each(runbooks)(
    '$words',
    async (expected) => {
      const { conclusion, spreads } = await calmly(() => drill(expected), ATTEMPTS);
      const { verdict, movedBy, restored, causes } = conclusion;
      if (restored === 'partly') await giveUp(conclusion);
      expect({ verdict, movedBy, restored, spreads, causes }).toEqual({
        verdict: expected.verdict,
        movedBy: expected.movedBy,
        restored: 'fully',
        spreads: expected.spreads,
        causes:
          expected.cause === undefined ? [] : expect.arrayContaining([expect.stringMatching(expected.cause)]),
      });
    },
    ATTEMPTS * DRILL_WITHIN_MS,
  );
});

async function drill({ words }: Expected): Promise<{ conclusion: Conclusion; spreads: string[] }> {
  const { answer } = await checkout.ask<Conclusion>(
    DRILL_WITHIN_MS,
    'start',
    ...words.split(' '),
    '--fleet',
    fleet,
  );
  return { conclusion: answer, spreads: spreadsIn(answer.evidence) };
}

/** The fleet stays locked for a person to look at it: here that is whoever reads this, and the next drill wants it. */
async function giveUp({ evidence }: Conclusion): Promise<void> {
  console.warn(readFileSync(join(evidence, 'summary.txt'), 'utf8'));
  const words = ['unlock', '--fleet', fleet, '--force', '--reason', 'the next runbook of the table'];
  await checkout.ask(20_000, ...words);
}

/** Those that `karmada/await-spread` saw hold, in order, without repetitions: `5/3/1`. */
function spreadsIn(evidence: string): string[] {
  const journal = JSON.parse(readFileSync(join(evidence, 'journal.json'), 'utf8')) as Journal;
  const seen = journal.steps
    .filter(({ uses }) => uses === 'karmada/await-spread')
    .flatMap(({ verbs }) => verbs)
    .map(({ result }) => (result as { spread?: Record<string, number> } | undefined)?.spread)
    .filter((spread) => spread !== undefined)
    .map((spread) => ['aks1', 'aks2', 'k3s'].map((member) => spread[member] ?? 0).join('/'));
  return seen.filter((spread, index) => spread !== seen[index - 1]);
}
