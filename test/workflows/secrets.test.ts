/** Secrets planted as canaries never reach history, whichever way they were said. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { redact } from '../../activities/redact.ts';
import { canaries } from '../toy/kinds.ts';
import { type Engine, startEngine } from './engine.ts';

const evidence = mkdtempSync(join(tmpdir(), 'firedrill-test-'));
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine(evidence);
});
afterAll(() => engine.close());

test('neither history nor evidence holds one', async () => {
  const ways = ['result', 'heartbeat', 'failure', 'error'];
  const drill = await engine.start(
    `name: leaks\nsteps:\n${ways
      .map((way) => `  - uses: toy/leak\n    on-failure: continue\n    with: { by: ${way} }\n`)
      .join('')}`,
  );
  let beats = '';
  await drill.until((state) => state.steps[1]?.status === 'running');
  while ((await drill.state()).steps[1]?.status === 'running')
    beats += (await pendingDetails(drill.handle)).join();
  const conclusion = await drill.result();
  const history = decoded(historyToJSON(await drill.handle.fetchHistory()));
  const files = readdirSync(conclusion.evidence).map((name) =>
    readFileSync(join(conclusion.evidence, name), 'utf8'),
  );
  expect(beats).toContain('[redacted]');
  expect(history.match(/\[redacted\]/g)?.length).toBeGreaterThan(5);
  for (const canary of Object.values(canaries))
    for (const text of [beats, history, ...files]) expect(text).not.toContain(canary);
});

test('what is no secret stays as it is', () => {
  const plain = 'aks1 node-1 spec.unschedulable: 3 of 9 pods, https://host:443/path?limit=5';
  expect(redact(plain, ['secret-of-somebody'])).toBe(plain);
});

async function pendingDetails(handle: { describe(): Promise<{ raw: unknown }> }): Promise<string[]> {
  const { raw } = await handle.describe();
  const { pendingActivities = [] } = raw as {
    pendingActivities?: { heartbeatDetails?: { payloads?: { data: Uint8Array }[] } }[];
  };
  return pendingActivities.flatMap((activity) =>
    (activity.heartbeatDetails?.payloads ?? []).map(({ data }) => Buffer.from(data).toString()),
  );
}

/** With every payload readable beside its base64. */
function decoded(history: string): string {
  const payloads = [...history.matchAll(/"data": "([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data!, 'base64').toString(),
  );
  return [history, ...payloads].join('\n');
}
