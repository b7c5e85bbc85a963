/** JUnit XML: a case for every step, for every objective and for what went wrong outside of both. */

import { figuresOf } from './figures.ts';
import type { Journal, StepEntry } from './journal.ts';
import { html, type Markup, raw } from './markup.ts';
import { planIndex } from './plan-index.ts';
import { lengthMs } from './spans.ts';
import { stepSpan } from './step-span.ts';
import { storyOf } from './story.ts';
import { type Cause, causeKinds } from './verdict/cause.ts';
import { type Judgement, judge } from './verdict.ts';

interface Case {
  group: string;
  name: string;
  ms: number;
  causes: Cause[];
  skipped?: string;
}

export function junitOf(journal: Journal): string {
  const judged = judge(journal);
  const cases = [
    ...stepCases(journal, judged),
    ...decisionCases(journal, judged),
    ...runCases(journal, judged),
  ];
  const failures = cases.filter(({ causes }) => causes.length > 0 && causes.every(isFailure)).length;
  const errors = cases.filter(({ causes }) => causes.some((cause) => !isFailure(cause))).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const name = journal.plan.runbook.name;
  const seconds = ((journal.endedMs ?? judged.phases.run.untilMs) - journal.startedMs) / 1000;
  const suite = html`<testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds.toFixed(3)}" timestamp="${new Date(journal.startedMs).toISOString()}">
  <properties>
${properties(journal, judged)}  </properties>
${cases.map(caseOf)}  <system-out>${storyOf(journal, judged)}</system-out>
</testsuite>
`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suite.markup}`;
}

/** A failure is the system's; an error is a drill that could not run or could not be judged. */
function isFailure({ kind }: Cause): boolean {
  return causeKinds[kind] === 'failed';
}

function properties(journal: Journal, judged: Judgement): Markup[] {
  const all: Record<string, string> = {
    run: journal.run,
    plan: journal.plan.hash,
    verdict: judged.verdict,
    restored: judged.restored,
    'moved-by': judged.movedBy,
    ...Object.fromEntries(figuresOf(journal, judged).map(({ name, value }) => [name, value])),
  };
  return Object.entries(all).map(([name, value]) => html`    <property name="${name}" value="${value}"/>\n`);
}

function stepCases(journal: Journal, { causes }: Judgement): Case[] {
  return journal.steps.map((step) => ({
    group: groupOf(journal, step.path),
    name: `${step.title} (${step.path})`,
    ms: durationOf(step),
    causes: causes.filter(({ path }) => path === step.path),
  }));
}

function groupOf(journal: Journal, path: string): string {
  return `${journal.plan.runbook.name}.${path.startsWith('final.') ? 'final' : (planIndex(journal.plan).find(path)?.section ?? 'engine')}`;
}

function durationOf(step: StepEntry): number {
  const span = stepSpan(step);
  return span === undefined ? 0 : lengthMs(span);
}

/** Asserts and skipped steps, which no activity shows. */
function decisionCases(journal: Journal, { causes }: Judgement): Case[] {
  return journal.records.flatMap((entry): Case[] => {
    if (entry.record !== 'assert' && entry.record !== 'skipped') return [];
    if (journal.steps.some(({ path }) => path === entry.path)) return [];
    const title = planIndex(journal.plan).find(entry.path)?.node.title ?? entry.path;
    return [
      {
        group: groupOf(journal, entry.path),
        name: `${title} (${entry.path})`,
        ms: 0,
        causes: causes.filter(({ path }) => path === entry.path),
        ...(entry.record === 'skipped' && { skipped: entry.why }),
      },
    ];
  });
}

/** What has no step of its own: objectives, evidence, people, the run itself. */
function runCases(journal: Journal, { causes, objective, restoration }: Judgement): Case[] {
  const group = `${journal.plan.runbook.name}.run`;
  const told = new Set([
    ...journal.steps.map(({ path }) => path),
    ...journal.records.flatMap((entry) =>
      entry.record === 'assert' || entry.record === 'skipped' ? [entry.path] : [],
    ),
  ]);
  const rest = causes.filter(({ path }) => !told.has(path));
  const met = objective
    .filter((result) => result.met === true)
    .map(({ name }) => ({ group, name: `objective ${name}`, ms: 0, causes: [] }));
  const back = { group, name: 'everything is as before', ms: 0, causes: [] };
  const left = restoration.left.map(
    ({ what, reason, remedy }): Cause => ({
      kind: 'deviated',
      atMs: 0,
      path: '',
      text: `${what}: ${reason}`,
      remedy,
    }),
  );
  return [
    ...met,
    ...rest.map((cause) => ({ group, name: cause.kind, ms: 0, causes: [cause] })),
    { ...back, causes: left },
  ];
}

function caseOf({ group, name, ms, causes, skipped }: Case): Markup {
  const inside = [
    ...causes.map((cause) => {
      const tag = raw(isFailure(cause) ? 'failure' : 'error');
      return html`    <${tag} type="${cause.kind}" message="${cause.text}">${cause.remedy}</${tag}>\n`;
    }),
    ...(skipped === undefined ? [] : [html`    <skipped message="${skipped}"/>\n`]),
  ];
  const open = html`  <testcase classname="${group}" name="${name}" time="${(ms / 1000).toFixed(3)}"`;
  return inside.length === 0 ? html`${open}/>\n` : html`${open}>\n${inside}  </testcase>\n`;
}
