/** Each step's own evidence, preflight and controls, and what identifies the run. */
import { headOf } from '../../chain.ts';
import { clock, day, duration } from '../../format.ts';
import type { Journal, StepEntry, VerbEntry } from '../../journal.ts';
import { html, type Markup } from '../../markup.ts';
import { printedOf } from '../../printed.ts';
import { lengthMs } from '../../spans.ts';
import { stepSpan } from '../../step-span.ts';
import type { Judgement } from '../../verdict.ts';

/** A page is read by people; the journal file has all of it. */
const SHOWN = 6_000;

/** What steps print in words of their own, as they laid it out. */
export function printed(journal: Journal): Markup | undefined {
  const all = printedOf(journal);
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="printed"><h2 id="printed">What clients got</h2>
${all.map(({ title, lines }) => html`<h3>${title}</h3><pre>${lines.join('\n')}</pre>`)}</section>`;
}

export function steps(journal: Journal, judged: Judgement): Markup | undefined {
  if (journal.steps.length === 0) return undefined;
  return html`<section aria-labelledby="steps"><h2 id="steps">Evidence, step by step</h2>
<div class="steps">${journal.steps.map((step) => one(step, judged))}${asserts(journal)}</div></section>`;
}

function one(step: StepEntry, { causes }: Judgement): Markup {
  const mine = causes.filter(({ path }) => path === step.path);
  const span = stepSpan(step);
  const word =
    mine.length > 0
      ? mine.map(({ kind }) => kind).join(', ')
      : span === undefined
        ? 'put back'
        : duration(lengthMs(span));
  return html`<details><summary><span>${step.title}${mine.length > 0 && html` <strong class="tone-bad"><span class="mark">✕</span></strong>`}</span><span class="what">${step.uses} · ${word}</span></summary>
<div class="in"><p class="what"><code>${step.path}</code></p>${step.verbs.map(verb)}</div></details>`;
}

function verb({
  verb: name,
  n,
  scheduledMs,
  endedMs,
  attempts,
  input,
  result,
  failure,
  cancelled,
}: VerbEntry): Markup {
  const took = endedMs === undefined ? 'not finished' : duration(endedMs - scheduledMs);
  const often = attempts > 1 ? `, ${attempts} attempts` : '';
  return html`<h4>${name}${n > 1 ? ` ${n}` : ''} <span class="what">${clock(scheduledMs)}, ${took}${often}${cancelled && ', cancelled'}</span></h4>
${(name === 'look' || name === 'act') && html`<pre>${json(input)}</pre>`}
${failure !== undefined && html`<p>${failure.code} ${failure.where !== '' && `${failure.where}: `}${failure.what}</p><p class="what">${failure.remedy}</p>${failure.evidence !== undefined && html`<pre>${json(failure.evidence)}</pre>`}`}
${result !== undefined && html`<pre>${json(result)}</pre>`}`;
}

function json(value: unknown): string {
  const text = JSON.stringify(value, null, 1).replace(/\n\s*(?=[\d\]}"-])/g, ' ');
  return text.length <= SHOWN
    ? text
    : `${text.slice(0, SHOWN)}… (${text.length} characters, all of them in journal.json)`;
}

function asserts(journal: Journal): Markup[] {
  return journal.records.flatMap((entry) =>
    entry.record !== 'assert'
      ? []
      : [
          html`<details><summary><span>${entry.expression}</span><span class="what">assert · ${entry.unjudged ?? (entry.holds ? 'holds' : 'does not hold')}</span></summary>
<div class="in"><p class="what"><code>${entry.path}</code>, ${clock(entry.atMs)}</p><pre>${json(entry.value)}</pre></div></details>`,
        ],
  );
}

export function findings(journal: Journal): Markup | undefined {
  const { findings: all, controls } = journal;
  if (all.length === 0 && controls === undefined) return undefined;
  const order = ['error', 'unknown', 'warning', 'ok'];
  const sorted = [...all].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const tone = { error: 'bad', unknown: 'doubtful', warning: 'doubtful', ok: 'good' } as const;
  const sign = { error: '✕', unknown: '?', warning: '!', ok: '✓' } as const;
  const rows = sorted.map(
    ({ severity, where, what, remedy }) =>
      html`<tr><td class="tone-${tone[severity]}"><span class="mark">${sign[severity]}</span> ${severity}</td><td>${where}</td><td>${what}${severity !== 'ok' && remedy !== '' && html`<small>${remedy}</small>`}</td></tr>`,
  );
  const shown = (['positive', 'negative'] as const).flatMap((name) =>
    controls === undefined ? [] : [{ name, ...controls[name] }],
  );
  const controlRows = shown.map(
    ({ name, seen, evidence }) =>
      html`<tr><td class="tone-${seen ? 'good' : 'bad'}"><span class="mark">${seen ? '✓' : '✕'}</span> ${seen ? 'seen' : 'not seen'}</td><td>${name} control</td><td>${evidence}</td></tr>`,
  );
  return html`<section aria-labelledby="findings"><h2 id="findings">Checked before anything was touched</h2>
<table><thead><tr><th>Finding</th><th>Where</th><th>What</th></tr></thead><tbody>${rows}${controlRows}</tbody></table></section>`;
}

export function identity(journal: Journal): Markup {
  const { run, runId, plan, options, startedMs, endedMs, interventions } = journal;
  const facts: [string, string | Markup][] = [
    ['Run', html`<code>${run}</code>`],
    ['Run id', html`<code>${runId}</code>`],
    ['Runbook', html`${plan.runbook.file} <code>sha256 ${plan.runbook.sha256}</code>`],
    ['Plan', html`<code>sha256 ${plan.hash}</code>`],
    ['Fleet', `${plan.fleet.name} (${plan.fleet.tier}${plan.fleet.production ? ', production' : ''})`],
    ['Inputs', html`<code>${JSON.stringify(plan.inputs)}</code>`],
    [
      'Requested by',
      `${options.requestedBy}${options.scheduled ? ', by a schedule' : ''}${options.note === undefined ? '' : `: ${options.note}`}`,
    ],
    ['Began', day(startedMs)],
    ...(endedMs === undefined ? [] : ([['Took', duration(endedMs - startedMs)]] as [string, string][])),
    ...interventions.map(({ atMs, update, by }): [string, string] => [
      'A person',
      `${by}: ${update}, ${clock(atMs)}`,
    ]),
    [
      'Journal',
      html`<code>sha256 ${headOf(journal)}</code> <small>head of its hash chain; the entries are in journal.json</small>`,
    ],
  ];
  return html`<section aria-labelledby="identity"><h2 id="identity">What this is a report of</h2>
<dl class="identity">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}
