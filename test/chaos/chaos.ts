/**
 * `npm run chaos -- --runs 30`: scenario B over and over, something of it killed each time, and every promise
 * checked after. Exits non-zero on any violation.
 *
 *     --runs N     how many (10: each attack once)
 *     --seed N     of the attacks; printed, so that a run of chaos can be repeated
 *     --only KIND  all runs with this attack
 *     --full       the runbook as it is, about 80 s a run; without, the same with shorter waits, about 35 s
 *     --folder F   state folder and evidence (a new one; it is kept when something was violated)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparable } from '../../lab/comparison.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { type Checkout, checkoutIn } from '../outside/checkout.ts';
import { type Attack, attacks, isKind } from './attack.ts';
import { type Attempt, attempt } from './attempt.ts';
import { shortScenario, shortSettings } from './runbook.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
    folder: { type: 'string' },
  },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
if (
  !Number.isInteger(runs) ||
  !Number.isInteger(seed) ||
  (values.only !== undefined && !isKind(values.only))
) {
  console.error('usage: npm run chaos -- [--runs N] [--seed N] [--only KIND] [--full] [--folder FOLDER]');
  process.exit(64);
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'firedrill-chaos-'));
const checkout = checkoutIn(folder);
const runbook = values.full ? 'scenario-b' : shortScenario(join(folder, 'runbooks'));
console.log(
  `${runs} runs, seed ${seed}, ${values.full ? 'scenario-b as it is' : 'scenario-b with shorter waits'}, in ${folder}\n`,
);

const done: Attempt[] = [];
try {
  const before = await calm(checkout, runbook);
  console.log(row(['run', 'struck', 'when', 'verdict', 'restored', 'cordons', 's', 'violations']));
  for (const [index, attack] of attacks(runs, seed, values.only).entries()) {
    const one = await survived(checkout, attack, before);
    done.push(one);
    console.log(
      row([
        String(index + 1),
        attack.kind,
        when(attack),
        one.verdict,
        one.restored,
        String(one.cordons),
        String(one.seconds),
        one.violations.join('; ') || '-',
      ]),
    );
  }
} finally {
  await checkout.ask(60_000, 'down', '--force').catch((error: Error) => console.error(error.message));
}
summary();

/** One run that nobody disturbs: it sets up what stays, and what is there after it must be there after each. */
async function calm(checkout: Checkout, runbook: string): Promise<Comparable> {
  await checkout.ask(60_000, 'lab', 'up');
  if (!values.full) await checkout.lab('PATCH', '/settings', shortSettings);
  const { answer } = await checkout.ask<Conclusion>(300_000, 'start', runbook);
  console.log(
    `undisturbed: ${answer.verdict}, restored ${answer.restored}, ${answer.causes.join('; ') || 'no cause'}\n`,
  );
  if (answer.restored !== 'fully') throw new Error('a run that nobody disturbs does not restore');
  return checkout.lab<Comparable>('GET', '/objects');
}

async function survived(checkout: Checkout, attack: Attack, before: Comparable): Promise<Attempt> {
  const startedMs = Date.now();
  try {
    return await attempt(checkout, runbook, attack, before);
  } catch (error) {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    const lost = { run: '', verdict: 'none', restored: '?', cordons: 0, seconds };
    return { attack, ...lost, violations: [(error as Error).message] };
  }
}

function when({ anchor, afterMs }: Attack): string {
  return `${anchor} + ${(afterMs / 1000).toFixed(1)} s`;
}

function row(cells: string[]): string {
  const widths = [4, 16, 17, 13, 10, 8, 4];
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' ');
}

function summary(): void {
  const violated = done.filter((one) => one.violations.length > 0);
  const verdicts = Object.entries(Object.groupBy(done, ({ verdict }) => verdict))
    .map(([verdict, of]) => `${of?.length} ${verdict}`)
    .join(', ');
  console.log(`\n${done.length} runs: ${verdicts}; ${violated.length} with violations; seed ${seed}`);
  if (violated.length > 0 || done.length < runs) {
    console.log(`Logs and evidence: ${folder}`);
    process.exitCode = 1;
  } else if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
