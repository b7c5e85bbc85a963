/**
 * `npm run test:rig`: starts a rig of its own and holds it, and the sandbox, to the same contracts; then every
 * shipped runbook is run on it. `--contracts` or `--runbooks` leaves the other out, `--smoke` runs but one runbook;
 * what else is given goes to jest. Needs the rig's programs (`npx firedrill lab build --optional`); without them it
 * fails, for what did not run has not passed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith, jest } from './jest.ts';
import { checkoutIn } from './outside/checkout.ts';

const START_WITHIN_MS = 180_000;
const RUNBOOKS = 'test/rig/runbooks';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-rig-'));
const checkout = checkoutIn(folder);
const given = process.argv.slice(2);
const [contractsOnly, runbooksOnly, smoke] = ['--contracts', '--runbooks', '--smoke'].map((flag) =>
  given.includes(flag),
);
const words = given.filter((word) => !['--contracts', '--runbooks', '--smoke'].includes(word));

async function down(): Promise<void> {
  await checkout.ask(60_000, 'down', '--force').catch((error: Error) => console.error(error.message));
  rmSync(folder, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void down().then(() => process.exit(1)));

try {
  // Its progress, and what is missing, are for the person in front of it.
  const up = checkout.firedrill('lab', 'up', '--tier', 'rig');
  up.child.stderr?.pipe(process.stderr);
  up.child.stdout?.pipe(process.stderr);
  const timer = setTimeout(() => up.child.kill('SIGKILL'), START_WITHIN_MS);
  const { code } = await up.ended;
  clearTimeout(timer);
  if (code !== 0) throw new Error(`the rig did not come up (exit ${code})`);
  const env = { FIREDRILL_RIG: join(folder, 'home', 'rig', 'kubeconfig') };
  const one = ['--testMatch', '<rootDir>/test/rig/**/*.rig.ts', '--runInBand', ...words];
  const rounds = [
    ...(runbooksOnly ? [] : [[...one, '--testPathIgnorePatterns', RUNBOOKS]]),
    ...(contractsOnly ? [] : [[...one, RUNBOOKS, ...(smoke ? ['-t', 'scenario-b$'] : [])]]),
  ];
  closeWith(rounds.map((round) => jest(round, env)));
} catch (error) {
  console.error((error as Error).message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await down();
}
