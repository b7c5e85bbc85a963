/**
 * `npm run sabotage -- [CASE ...]`: real drills on a lab of their own that is sabotaged while they run. Prints what
 * each had to come to beside what it came to; exits non-zero when one differs.
 *
 *     --folder F   state folder and evidence (a new one; it is kept when something differed)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparable } from '../../lab/comparison.ts';
import { differences } from '../outside/objects.ts';
import type { Case } from './case.ts';
import { cases } from './cases.ts';
import { complaints } from './judge.ts';
import { openSite, type Site } from './site.ts';

const { values, positionals } = parseArgs({
  options: { folder: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !cases.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`no case ${unknown.join(', ')}; there are:\n${cases.map(({ name }) => name).join('\n')}`);
  process.exit(64);
}
const chosen = cases.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'firedrill-sabotage-'));

const wrong: string[] = [];
const site = await openSite(folder);
try {
  await warmUp(site);
  console.log(row(['case', 'expected', 'verdict', 'restored', 'moved by', 's']));
  for (const one of chosen) if (!(await asExpected(site, one))) wrong.push(one.name);
} finally {
  await site.close();
}
console.log(`\n${chosen.length} cases, ${wrong.length} not as expected`);
if (wrong.length > 0) {
  console.log(`${wrong.join(', ')}\nLogs and evidence: ${folder}`);
  process.exitCode = 1;
} else if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });

/** What is set up once stays, so that every later drill must leave all objects as it found them. */
async function warmUp({ drill, frontDoor, remember }: Site): Promise<void> {
  const healthProbeSettings = {
    probePath: '/',
    probeRequestType: 'GET',
    probeProtocol: 'Http',
    probeIntervalInSeconds: 2,
  };
  await frontDoor('originGroups/members', { healthProbeSettings });
  const { verdict, causes } = await drill('scenario-a', ['--length', '5s']);
  if (verdict !== 'passed') throw new Error(`scenario-a, which nobody sabotaged: ${causes.join('; ')}`);
  await remember();
}

async function asExpected(site: Site, one: Case): Promise<boolean> {
  const startedMs = Date.now();
  const seconds = () => String(Math.round((Date.now() - startedMs) / 1000));
  try {
    await site.recall();
    const before = await site.checkout.lab<Comparable>('GET', '/objects');
    await one.before?.(site);
    const ended = await site.drill(one.runbook, one.flags ?? [], one.moments);
    const left = (await differences(site.checkout, before)).filter((path) => !one.leaves?.test(path));
    const found = complaints(one, ended, left, join(folder, 'runs', ended.run));
    console.log(row([one.name, one.expect.verdict, ended.verdict, ended.restored, ended.movedBy, seconds()]));
    for (const complaint of found) console.log(`  WRONG  ${complaint}`);
    if (found.length > 0) for (const cause of ended.causes) console.log(`  cause  ${cause}`);
    return found.length === 0;
  } catch (error) {
    console.log(
      `${row([one.name, one.expect.verdict, 'none', '', '', seconds()])}\n  WRONG  ${(error as Error).message}`,
    );
    return false;
  }
}

function row(cells: string[]): string {
  const widths = [32, 13, 13, 10, 9, 4];
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' ');
}
