import type { Conclusion } from '../workflows/protocol.ts';
import type { Journal } from './journal.ts';
import { judge } from './verdict.ts';
export function evidenceOf(journal: Journal): { conclusion: Conclusion; files: Record<string, string> } {
  const j = judge(journal);
  return { conclusion: { verdict: j.verdict, causes: j.causes.map((c) => c.text), restored: j.restored, movedBy: j.movedBy, journalHead: '', evidence: '' }, files: { 'journal.json': JSON.stringify(journal), 'junit.xml': '', 'report.html': '' } };
}
