/** Everything a run leaves, made from its journal alone; the caller writes it. */
import type { Conclusion } from '../workflows/protocol.ts';
import { chainOf, headOf } from './chain.ts';
import type { Journal } from './journal.ts';
import { junitOf } from './junit.ts';
import { pageOf } from './page.ts';
import { summaryOf } from './terminal.ts';
import { judge } from './verdict.ts';

export interface Evidence {
  /** Without the folder, which only the writer knows. */
  conclusion: Omit<Conclusion, 'evidence'>;
  files: Record<'report.html' | 'journal.json' | 'junit.xml' | 'summary.txt', string>;
}

export function evidenceOf(journal: Journal): Evidence {
  const { verdict, causes, restored, movedBy, outage } = judge(journal);
  const rtoMs = outage?.atMostMs;
  return {
    conclusion: {
      verdict,
      causes: causes.map(({ text }) => text),
      restored,
      movedBy,
      ...(rtoMs !== undefined && { rtoMs }),
      journalHead: headOf(journal),
    },
    files: {
      'report.html': pageOf(journal),
      'journal.json': `${JSON.stringify({ ...journal, chain: chainOf(journal) }, null, 1)}\n`,
      'junit.xml': junitOf(journal),
      'summary.txt': summaryOf(journal, { colour: false }),
    },
  };
}
