/**
 * What a newcomer does, through the command line and nothing else: scenario B on a lab of its own. The worker is
 * killed in mid-drain, which must not show in the verdict.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Comparable } from '../../lab/comparison.ts';
import type { Journal } from '../../report/journal.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { calmly } from '../outside/calmly.ts';
import { checkoutIn } from '../outside/checkout.ts';
import { differences } from '../outside/objects.ts';
import { type Seen, witness } from '../outside/witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-e2e-'));
const checkout = checkoutIn(folder);

afterAll(async () => {
  await checkout.ask(60_000, 'down', '--force');
  rmSync(folder, { recursive: true, force: true });
}, 70_000);

test('a cluster is lost, a worker dies, and the drill passes with everything back', async () => {
  const { code, conclusion, seen, left, killed } = await calmly(lossOfACluster);
  expect(conclusion).toMatchObject({ verdict: 'passed', causes: [], restored: 'fully', movedBy: 'karmada' });
  expect(code).toBe(0);
  expect(killed).toBe(true);
  expect(seen.cordons).toEqual({ 'aks1/aks1-node-0': 1, 'aks1/aks1-node-1': 1, 'aks1/aks1-node-2': 1 });
  expect(inOrder(seen, ['5/3/1', '0/7/2', '5/3/1'])).toEqual(['5/3/1', '0/7/2', '5/3/1']);
  expect(left).toEqual([]);
  const evidence = Object.fromEntries(
    readdirSync(conclusion.evidence).map((name) => [
      name,
      readFileSync(join(conclusion.evidence, name), 'utf8'),
    ]),
  );
  expect(evidence['report.html']).toContain(conclusion.run);
  expect(evidence['junit.xml']).toContain('failures="0"');
  const journal = JSON.parse(evidence['journal.json'] ?? '') as Journal;
  const act = journal.steps
    .find(({ path }) => path === 'steps.fault')
    ?.verbs.filter(({ verb }) => verb === 'act');
  expect(act?.map(({ attempts }) => attempts > 1)).toEqual([true]);
}, 300_000);

async function lossOfACluster() {
  const command = checkout.firedrill('start', 'scenario-b', '--json');
  // Set up, seen steady, and nothing broken yet: what must be there again at the end.
  await command.says(/phase +steps/);
  const before = await checkout.lab<Comparable>('GET', '/objects');
  const eyes = witness(checkout, 'demo/hello');
  await Promise.race([eyes.saw('cordon'), command.ended]);
  const killed = checkout.kill('worker');
  const { code, stdout, stderr } = await command.ended;
  if (stdout === '') throw new Error(`no answer:\n${stderr}`);
  const left = await differences(checkout, before);
  const conclusion = JSON.parse(stdout) as Conclusion & { run: string };
  return { code, conclusion, seen: await eyes.stop(), left, killed };
}

/** Those of the wanted spreads that were seen, each after the one before it. */
function inOrder({ spreads }: Seen, wanted: string[]): string[] {
  const rest = spreads.map(({ aks1, aks2, k3s }) => `${aks1}/${aks2}/${k3s}`);
  return wanted.filter((spread) => {
    const at = rest.indexOf(spread);
    if (at >= 0) rest.splice(0, at + 1);
    return at >= 0;
  });
}
