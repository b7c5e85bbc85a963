/**
 * `npm test`: jest over ES modules, then one closing line, `N passed, N failed`, that a program can read. Arguments
 * go to jest. Tests that were skipped are named: a skip must never pass for a pass.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be loaded: their tests are in no other count. */
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'firedrill-test-'));
const file = join(folder, 'results.json');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest.js');
const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const run = spawnSync(
  process.execPath,
  [...node, jest, '--json', `--outputFile=${file}`, ...process.argv.slice(2)],
  // With --json jest prints the results on stdout as well; its report for a person is on stderr.
  { stdio: ['inherit', 'ignore', 'inherit'] },
);
const results = read();
rmSync(folder, { recursive: true, force: true });

for (const name of skippedIn(results)) console.log(`SKIPPED  ${name}`);
const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
const skipped = results.numPendingTests + results.numTodoTests;
const broke = run.status === 0 ? 0 : 1;
console.log(
  `${results.numPassedTests} passed, ${Math.max(failed, broke)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = failed > 0 ? 1 : (run.status ?? 1);

/** No file: jest itself died, or there was no test to run. */
function read(): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results;
  } catch {
    const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    return { ...none, numRuntimeErrorTestSuites: 1, testResults: [] };
  }
}

function skippedIn({ testResults }: Results): string[] {
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'pending' || status === 'todo')
      .map(({ fullName }) => fullName),
  );
}
