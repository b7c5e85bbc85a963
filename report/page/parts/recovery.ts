/** The way from the fault to healthy users, and removal from the load balancer: predicted beside measured. */
import { duration } from '../../format.ts';
import type { Journal } from '../../journal.ts';
import { html, type Markup } from '../../markup.ts';
import { type Removal, removalsOf } from '../../removal.ts';
import type { Milestone } from '../../split.ts';
import type { Judgement } from '../../verdict.ts';

const words: Record<Milestone['name'], string> = {
  noticed: 'Noticed',
  detected: 'Detected',
  rescheduled: 'Rescheduled',
  ready: 'All ready',
  rerouted: 'Rerouted',
  healthy: 'Users healthy',
};
/** How much of the colour each part gets, percent: one hue, so that it is not taken for a cluster's. */
const strengths = [100, 74, 52, 34, 20];
const strength = (index: number) => strengths[index % strengths.length] ?? 100;
/** A part narrower than this has no room for its name, percent. */
const ROOM = 16;

export function recovery(journal: Journal, judged: Judgement): Markup | undefined {
  const { milestones } = judged;
  if (milestones.length === 0) return undefined;
  const limit = judged.objective.find(({ name }) => name === 'rto')?.limit;
  return html`<section aria-labelledby="recovery"><h2 id="recovery">From the fault to healthy users</h2>
<p class="lead">${lead(judged, limit)} ${mover(judged)}</p>
${bar(milestones)}
<table><thead><tr><th>Moment</th><th class="n">After the fault</th><th class="n">Took</th><th>What was seen</th></tr></thead>
<tbody>${milestones.map((one, index) => milestone(one, milestones[index - 1], index))}</tbody></table>
${removalsOf(journal).map(removal)}</section>`;
}

function lead({ outage }: Judgement, limit: number | undefined): string {
  const healthy =
    outage?.atMostMs === undefined
      ? 'Users were not seen to be healthy again.'
      : `Users were healthy after ${duration(outage.atMostMs)}.`;
  return limit === undefined ? healthy : `${healthy} The objective allows ${duration(limit)}.`;
}

function mover({ movedBy, moved }: Judgement): string {
  return moved.steady === undefined
    ? ''
    : `Replicas were moved by ${movedBy === 'karmada' ? 'Karmada' : movedBy}: ${moved.evidence}.`;
}

/** Each part is the time since the moment before it. */
function bar(milestones: Milestone[]): Markup {
  const whole = milestones.at(-1)?.afterMs || 1;
  const parts = milestones.map(({ name, afterMs }, index) => {
    const width = ((afterMs - (milestones[index - 1]?.afterMs ?? 0)) / whole) * 100;
    const strong = strength(index) > 60 ? 'strong' : '';
    return html`<i class="${strong}" style="width:${width.toFixed(2)}%;--part:${strength(index)}" title="${words[name]}, +${duration(afterMs)}">${width > ROOM && `${words[name]} +${duration(afterMs)}`}</i>`;
  });
  const healthy = milestones.find(({ name }) => name === 'healthy');
  const place = healthy === undefined ? undefined : (healthy.afterMs / whole) * 100;
  return html`<div class="split" role="img" aria-label="${milestones.map(({ name, afterMs }) => `${words[name]} after ${duration(afterMs)}`).join(', ')}">${parts}</div>
<div class="scale" aria-hidden="true">${place !== undefined && html`<b class="${place < 30 ? 'first' : ''}" style="left:${place.toFixed(2)}%">users healthy +${duration(healthy?.afterMs ?? 0)}</b>`}</div>`;
}

function milestone(
  { name, afterMs, evidence }: Milestone,
  before: Milestone | undefined,
  index: number,
): Markup {
  return html`<tr><td><span class="swatch part" style="--part:${strength(index)}"></span>${words[name]}</td>
<td class="n">+${duration(afterMs)}</td><td class="n">${duration(afterMs - (before?.afterMs ?? 0))}</td><td>${evidence}</td></tr>`;
}

function removal({ backend, predicted, measuredMs }: Removal): Markup {
  const whole = Math.max(predicted.maxMs, measuredMs) * 1.08 || 1;
  const at = (ms: number) => ((ms / whole) * 100).toFixed(2);
  const word =
    measuredMs > predicted.maxMs
      ? 'later than predicted'
      : measuredMs < predicted.minMs
        ? 'sooner than predicted'
        : 'as predicted';
  const text = `${backend} was out of the load balancer ${duration(measuredMs)} after the fault; its probe settings predict ${duration(predicted.minMs)} to ${duration(predicted.maxMs)}: ${word}.`;
  return html`<div class="track"><h3>Removal from the load balancer, predicted and measured</h3>
<p class="what">${text}</p>
<div class="bullet" role="img" aria-label="${text}"><i style="left:${at(predicted.minMs)}%;width:${at(predicted.maxMs - predicted.minMs)}%"></i><b style="left:${at(measuredMs)}%"></b></div></div>`;
}
