/** One run: started, struck at its moment, attached to or restored, and held against the promises. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Comparable } from '../../lab/comparison.ts';
import type { Journal } from '../../report/journal.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import type { Checkout, Running } from '../outside/checkout.ts';
import { differences } from '../outside/objects.ts';
import { nodesOf, type Overview, type Witness, witness } from '../outside/witness.ts';
import { type Attack, type Kill, kills } from './attack.ts';
import { type Facts, violations } from './judge.ts';

const WORKLOAD = 'demo/hello';
/** A run that has not ended by then is lost. */
const FINISH_WITHIN_MS = 240_000;
/** Two presses within 300 ms are taken for one. */
const BETWEEN_PRESSES_MS = 600;

type Answer = Conclusion & { run: string };

export interface Attempt {
  attack: Attack;
  run: string;
  verdict: string;
  restored: string;
  cordons: number;
  seconds: number;
  violations: string[];
}

export async function attempt(
  checkout: Checkout,
  runbook: string,
  attack: Attack,
  before: Comparable,
): Promise<Attempt> {
  const startedMs = Date.now();
  const watcher = checkout.firedrill('start', runbook, '--json');
  const eyes = witness(checkout, WORKLOAD);
  const run = await watcher.says(/^Run +(\S+)/m);
  if (run === undefined) throw new Error(`did not start:\n${(await watcher.ended).stderr}`);
  await moment(attack, eyes, watcher);
  const { conclusion, exit } = await struck(checkout, attack, run, watcher);
  const { code: watcherExit } = await watcher.ended;
  const left = await differences(checkout, before);
  const seen = await eyes.stop();
  const facts: Facts = {
    attack,
    run,
    finished: conclusion.run,
    conclusion,
    exit,
    watcherExit,
    journal: journalOf(checkout, conclusion.run),
    seen,
    cordonedAtEnd: await cordoned(checkout),
    differences: left,
  };
  return {
    attack,
    run,
    verdict: conclusion.verdict,
    restored: conclusion.restored,
    cordons: Object.values(seen.cordons).reduce((sum, times) => sum + times, 0),
    seconds: Math.round((Date.now() - startedMs) / 1000),
    violations: violations(facts),
  };
}

/** A run that ends before its moment comes is struck after its end: then there is nothing to survive. */
async function moment({ anchor, afterMs }: Attack, eyes: Witness, { ended }: Running): Promise<void> {
  if (anchor !== 'start') await Promise.race([eyes.saw(anchor), ended]);
  await sleep(afterMs);
}

async function struck(
  checkout: Checkout,
  attack: Attack,
  run: string,
  watcher: Running,
): Promise<{ conclusion: Answer; exit: number | undefined }> {
  switch (attack.kind) {
    case 'terminate':
      await terminate(checkout, run);
      return concluded(checkout, 'restore', run);
    case 'ctrl-c':
      watcher.child.kill('SIGINT');
      break;
    case 'ctrl-c twice':
      watcher.child.kill('SIGINT');
      await sleep(BETWEEN_PRESSES_MS);
      watcher.child.kill('SIGINT');
      break;
    default:
      kill(checkout, attack.kind, watcher);
  }
  await sleep(attack.attachAfterMs);
  return concluded(checkout, 'attach', run);
}

function kill(checkout: Checkout, kind: Kill, watcher: Running): void {
  for (const name of kills[kind])
    if (name === 'cli') watcher.child.kill('SIGKILL');
    else checkout.kill(name);
}

async function terminate(checkout: Checkout, run: string): Promise<void> {
  const connection = await Connection.connect({ address: checkout.address() });
  await new Client({ connection }).workflow.getHandle(run).terminate('chaos');
  await connection.close();
}

async function concluded(checkout: Checkout, verb: 'attach' | 'restore', run: string) {
  const { code, answer } = await checkout.ask<Answer>(FINISH_WITHIN_MS, verb, run);
  return { conclusion: answer, exit: code };
}

function journalOf(checkout: Checkout, run: string): Journal {
  return JSON.parse(readFileSync(join(checkout.runs, run, 'journal.json'), 'utf8')) as Journal;
}

async function cordoned(checkout: Checkout): Promise<string[]> {
  const nodes = nodesOf(await checkout.lab<Overview>('GET', '/state'));
  return Object.keys(nodes).filter((node) => !nodes[node]);
}
