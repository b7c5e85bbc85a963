/**
 * `npm run test:rig`: starts a rig of its own and holds it, and the sandbox, to the same contracts; then every
 * shipped runbook is run on it. `--contracts` or `--runbooks` leaves the other out, `--smoke` runs but one runbook;
 * what else is given goes to jest. Real servers on a busy machine are late at times: a file in which something failed
 * is run once more, and named. Needs the rig's programs (`npx firedrill lab build --optional`); without them it
 * fails, for what did not run has not passed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { closeWith, failedFiles, jest, without } from './jest.ts';
import { checkoutIn } from './outside/checkout.ts';

const START_WITHIN_MS = 180_000;
const RUNBOOKS = 'test/rig/runbooks';
const SMOKE = 'scenario-b$';

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
    ...(contractsOnly ? [] : [[...one, RUNBOOKS, ...(smoke ? ['-t', SMOKE] : [])]]),
  ];
  const first = rounds.map((round) => jest(round, env));
  const failed = first.flatMap(failedFiles);
  // Nothing failed by name, but jest itself did: that stays a failure.
  if (failed.length === 0) closeWith(first);
  else {
    for (const file of failed) console.log(`FAILED, AND RUN ONCE MORE  ${relative(process.cwd(), file)}`);
    const smoked = smoke ? ['-t', SMOKE] : [];
    const books = failed.filter((file) => file.includes(RUNBOOKS));
    const others = failed.filter((file) => !file.includes(RUNBOOKS));
    closeWith([
      ...first.map((results) => without(failed, results)),
      ...(others.length > 0 ? [jest([...one, ...others], env)] : []),
      ...(books.length > 0 ? [jest([...one, ...books, ...smoked], env)] : []),
    ]);
  }
} catch (error) {
  console.error((error as Error).message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await down();
}
