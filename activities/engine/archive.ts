/** Judges the run from its own history and writes the evidence where the worker keeps it. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceOf } from '../../report/evidence.ts';
import { journalOf } from '../../report/history.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import type { Execution, Runs } from '../ports/runs.ts';

/** A folder that cannot be written loses no verdict: the history has everything, `firedrill report` makes it again. */
export async function archive(runs: Runs, execution: Execution, folder: string): Promise<Conclusion> {
  const journal = journalOf(await runs.history(execution), execution);
  const { conclusion, files } = evidenceOf(journal);
  const evidence = join(folder, execution.workflowId);
  try {
    await writeEvidence(evidence, files);
    return { ...conclusion, evidence };
  } catch (error) {
    return { ...conclusion, evidence: `not written: ${(error as Error).message}` };
  }
}

/** A reader never sees half a file, also when the worker dies in between. */
export async function writeEvidence(folder: string, files: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      const unfinished = join(folder, `.${name}.${process.pid}`);
      await writeFile(unfinished, content);
      await rename(unfinished, join(folder, name));
    }),
  );
}
