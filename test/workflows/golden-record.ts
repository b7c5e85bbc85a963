/**
 * `npm run golden`: runs the drills of `golden-drills.ts` on a real server and keeps their histories in `golden/`,
 * as `temporal workflow show --output json` would write them. Only for a change of the workflow that may break
 * open runs on purpose; otherwise the kept ones must replay as they are.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { startToy } from '../toy/server.ts';
import { startEngine } from './engine.ts';
import { goldens } from './golden-drills.ts';

const here = join(import.meta.dirname, 'golden');
const workplace = mkdtempSync(join(tmpdir(), 'firedrill-golden-'));
process.chdir(workplace);

const engine = await startEngine('runs');
for (const { name, runbook, meanwhile, terminated } of goldens) {
  const toy = await startToy({ a: '1', b: '1', c: '1', d: '1' });
  const drill = await engine.start(`inputs:\n  toy: { type: string }\n${runbook}`, {
    inputs: { toy: toy.url },
  });
  await meanwhile?.(drill, toy, engine);
  if (!terminated) console.log(name, await drill.result());
  await keep(name, drill.handle);
  if (terminated) {
    console.log('restored', await engine.restore(await drill.journal(), 'restored'));
    await keep('restored', engine.env.client.workflow.getHandle('restored'));
  }
  await toy.close();
}
await engine.close();
process.chdir(here);
rmSync(workplace, { recursive: true });

async function keep(name: string, handle: WorkflowHandle): Promise<void> {
  const text = historyToJSON(await handle.fetchHistory())
    // Process and host of whoever recorded it say nothing about the run.
    .replaceAll(/"\d+@[^"]+"/g, '"golden"');
  writeFileSync(join(here, `${name}.json`), `${text}\n`);
}
