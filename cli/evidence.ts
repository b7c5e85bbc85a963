/** Evidence on this machine: a folder a run, in `runs/` or where FIREDRILL_RUNS says. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export function evidenceFolder(run: string): string {
  return resolve(process.env['FIREDRILL_RUNS'] ?? 'runs', run);
}

/** Paths by name of what is there. */
export function evidenceFiles(run: string): Record<string, string> {
  const folder = evidenceFolder(run);
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)]));
}

export function writeEvidence(run: string, files: Record<string, string>): Record<string, string> {
  const folder = evidenceFolder(run);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return evidenceFiles(run);
}

/** The journal of a run that the server no longer knows, if its evidence was kept here. */
export function readJournalFile(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
