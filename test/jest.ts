/** Runs jest over ES modules and sums up: the closing line `N passed, N failed` is for programs to read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be loaded: their tests are in no other count. */
  numRuntimeErrorTestSuites: number;
  /** Jest ended with an error, whatever it counted. */
  broke: boolean;
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** @param words arguments of jest @param env besides this process's own. */
export function jest(words: string[], env: Record<string, string> = {}): Results {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-test-'));
  const file = join(folder, 'results.json');
  const program = createRequire(import.meta.url).resolve('jest/bin/jest');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status } = spawnSync(
    process.execPath,
    [...node, program, '--json', `--outputFile=${file}`, ...words],
    // With --json jest prints the results on stdout as well; its report for a person is on stderr.
    { stdio: ['inherit', 'ignore', 'inherit'], env: { ...process.env, ...env } },
  );
  const results = read(file);
  rmSync(folder, { recursive: true, force: true });
  return { ...results, broke: status !== 0 };
}

/** Of the test files in which something failed, or that could not be loaded. */
export function failedFiles({ testResults }: Results): string[] {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/** The same without some files, for those that were run again. */
export function without(files: string[], { testResults }: Results): Results {
  const kept = testResults.filter(({ name }) => !files.includes(name));
  const count = (...statuses: string[]) =>
    kept.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => statuses.includes(status))
      .length;
  return {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    numRuntimeErrorTestSuites: 0,
    broke: false,
    testResults: kept,
  };
}

/** Prints the skipped tests by name (a skip must never pass for a pass) and the closing line; sets the exit code. */
export function closeWith(results: Results[]): void {
  const sum = (of: (one: Results) => number) => results.reduce((total, one) => total + of(one), 0);
  for (const name of results.flatMap(skippedIn)) console.log(`SKIPPED  ${name}`);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  const failed = sum(({ numFailedTests, numRuntimeErrorTestSuites, broke }) =>
    Math.max(numFailedTests + numRuntimeErrorTestSuites, broke ? 1 : 0),
  );
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** No file: jest itself died, or there was no test to run. */
function read(file: string): Omit<Results, 'broke'> {
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
