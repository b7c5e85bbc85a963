/** One time axis, four looks at it: users, replicas, latency, steps. */
import { clock } from '../../format.ts';
import type { Journal } from '../../journal.ts';
import { html, type Markup, type Part } from '../../markup.ts';
import type { Judgement } from '../../verdict.ts';
import { latencyChart } from '../charts/latency.ts';
import { replicasChart } from '../charts/replicas.ts';
import { requestsChart } from '../charts/requests.ts';
import { stepsChart } from '../charts/steps.ts';
import { type Chart, drawn } from '../draw.ts';
import type { Frame } from '../frame.ts';

export function timeline(journal: Journal, judged: Judgement, frame: Frame): Markup | undefined {
  const tracks = [
    track(requestsChart(journal, frame), [...clusterKey(frame), failedKey]),
    track(replicasChart(journal, frame), lineKey(frame)),
    track(latencyChart(journal, frame), latencyKey),
    track(stepsChart(journal, judged, frame), []),
  ];
  if (tracks.every((one) => one === undefined)) return undefined;
  const zero = frame.hasFault ? 'the fault' : 'the start';
  return html`<section aria-labelledby="timeline"><h2 id="timeline">What happened</h2>
<p class="lead">Seconds from ${zero} at ${clock(frame.zeroMs)}; all four share one axis.</p>
${tracks}</section>`;
}

function track(chart: Chart | undefined, key: Part[]): Markup | undefined {
  if (chart === undefined) return undefined;
  return html`<div class="track"><h3>${chart.title}${key.length > 0 && html`<span><ul class="key">${key}</ul></span>`}</h3>${drawn(chart)}</div>`;
}

function named(name: string, frame: Frame): string {
  return name === frame.victim ? `${name}, the victim` : name;
}

function clusterKey(frame: Frame): Markup[] {
  return [...frame.clusters].map(
    ([name, token]) =>
      html`<li><svg viewBox="0 0 20 12" aria-hidden="true"><rect width="20" height="12" rx="2" fill="var(--${token})"/></svg>${named(name, frame)}</li>`,
  );
}

const failedKey = html`<li><svg viewBox="0 0 20 12" aria-hidden="true"><rect width="20" height="12" rx="2" fill="var(--bad)"/><path d="M-2 8L8-2M2 14L16 0M10 16L22 4" stroke="var(--paper)" stroke-width="1.8"/></svg>failed</li>`;

/** The strokes of the drawing, so that lines are told apart without their colour. */
const dashes = ['', '7 3', '2 3', '10 3 2 3'];

function lineKey(frame: Frame): Markup[] {
  return [...frame.clusters].map(
    ([name, token], index) =>
      html`<li><svg viewBox="0 0 20 12" aria-hidden="true"><path d="M0 6H20" stroke="var(--${token})" stroke-width="2.5" stroke-dasharray="${dashes[index % 4]}"/></svg>${named(name, frame)}</li>`,
  );
}

const latencyKey = [
  html`<li><svg viewBox="0 0 20 12" aria-hidden="true"><path d="M0 6H20" stroke="var(--ink)" stroke-width="2"/></svg>99 of 100 requests within</li>`,
  html`<li><svg viewBox="0 0 20 12" aria-hidden="true"><path d="M0 6H20" stroke="var(--muted)" stroke-width="2" stroke-dasharray="2 2"/></svg>half of them within</li>`,
];
