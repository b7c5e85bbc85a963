/** `verdicts.md`: how a run is judged, from the table of causes and the rows that test it. */

import { causeKinds } from '../../report/verdict/cause.ts';
import { judge } from '../../report/verdict.ts';
import { rows, type VerdictRow } from '../../test/report/verdict-table.ts';
import type { VerdictName } from '../../workflows/protocol.ts';
import { code, made, page, table } from './markdown.ts';

const introduction = `A verdict is one pure function of the run's journal (\`report/verdict.ts\`), and the journal one of the workflow's history.
So the run you watched, one that was terminated and one of last year are judged by the same code;
\`npx firedrill report RUN\` judges again.

Everything that went wrong is a cause. The worst kind of cause names the verdict, in the order broken, aborted, failed,
inconclusive, passed; the causes are told in the order in which they happened, so the first one is where to begin
reading. Missing evidence takes a pass away, and never excuses a failure that was seen.`;

const verdicts: [VerdictName, string][] = [
  ['passed', 'Everything that had to happen did, all of it was seen, and the objectives were met.'],
  ['failed', 'The system under drill did not do what it should.'],
  ['inconclusive', 'It could not be judged: evidence is missing or cannot be trusted.'],
  ['aborted', 'A person ended it, or the time a person had to answer ran out.'],
  ['broken', 'The drill could not run, or proves nothing: nothing is said about the system.'],
];

const exitCodes = table(
  ['exit code', 'meaning'],
  [
    ['0', 'passed and restored'],
    ['1', 'failed'],
    ['2', 'inconclusive'],
    ['3', 'aborted'],
    ['4', 'broken; also: the command itself could not do its work (no server, no such process)'],
    ['5', 'passed but not restored'],
    ['64', 'bad usage, runbook or fleet file; nothing was started'],
  ],
);

const restored = `\`restored\` is a second answer, never mixed into the first. It comes from the comparison with the snapshots taken before
each act, made after everything was put back.

- \`fully\`: nothing differs.
- \`partly\`: what is left is listed with its value before and now, why it was left (mostly: somebody changed it since)
  and the command that mends it. The fleet stays locked. \`npx firedrill restore RUN\` tries again.
- \`untouched\`: no act was begun.`;

const movedBy = `\`moved-by\` says who re-placed the replicas during the exercise, from what \`karmada/await-spread\` saw.

- \`karmada\`: replicas moved, and neither of the next two is true.
- \`drill\`: a mover step (\`karmada/evacuate\`, \`karmada/rebalance\`) had begun before, or the drill's own edit was seen in
  the binding. Automatic failover was then not tested, and the report says so.
- \`person\`: somebody else's edit was seen.
- \`nobody\`: the spread stayed, or no step watched it.`;

const objectives = `- \`rto\`: from the fault to the first second from which users are healthy and stay so for \`settle\`. Two bounds are kept,
  for a second is counted whole and clocks differ: missed when even the shortest outage that fits is too long, met when
  the longest is short enough, inconclusive between.
- \`availability\`: over [fault, fault + \`rto\`], so that a long calm after it dilutes nothing. What was not seen is counted
  both ways; only when that changes nothing is it judged.
- \`recover.rto\`, \`recover.availability\`: the same over the way back, from its begin to the end of the run's traffic.
- Fewer than 100 requests, a gap of more than 2 s between fault and healthy users, or a generator that was late by
  itself: inconclusive.`;

export function verdictsPage(): string {
  return page(
    made('`report/verdict/cause.ts` and the rows of `test/report/verdict-table.ts`'),
    '# Verdicts',
    introduction,
    table(
      ['verdict', 'meaning'],
      verdicts.map(([name, text]) => [`**${name}**`, text]),
    ),
    '## Exit codes',
    exitCodes,
    '## Objectives',
    objectives,
    '## Restored',
    restored,
    '## Moved by',
    movedBy,
    '## The table',
    'Every row is a test: a journal in which all went well, spoiled in this one way, must get this verdict. Where causes accumulate, the worst names it.',
    ...verdicts.map(([name]) => section(name)),
    '## Causes',
    'What each cause makes of a verdict at least.',
    table(
      ['cause', 'verdict'],
      Object.entries(causeKinds).map(([kind, verdict]) => [code(kind), verdict]),
    ),
  );
}

function section(verdict: VerdictName): string {
  const own = rows.filter((row) => row.verdict === verdict);
  return `### ${verdict}\n\n${table(['when', 'causes', 'exit'], own.map(rowOf))}`;
}

function rowOf(row: VerdictRow): string[] {
  const { causes, exitCode } = judge(row.journal());
  const kinds = [...new Set(causes.map(({ kind }) => kind))];
  return [row.name, kinds.map(code).join(', '), String(exitCode)];
}
