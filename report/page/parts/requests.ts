/** Requests: what was lost and why, per cluster, and the two routing stages. */
import { count, duration, since } from '../../format.ts';
import type { Journal } from '../../journal.ts';
import { lostOf, lostPhases } from '../../lost.ts';
import { html, type Markup } from '../../markup.ts';
import { countOf, secondsOf } from '../../seconds.ts';
import { lastRouted } from '../../split.ts';
import type { Judgement } from '../../verdict.ts';
import { routingChart, routingsOf } from '../charts/routing.ts';
import { drawn } from '../draw.ts';
import type { Frame } from '../frame.ts';

export function lost(journal: Journal, { phases }: Judgement): Markup | undefined {
  if (journal.traffic.length === 0) return undefined;
  const all = lostOf(journal, phases);
  if (all.length === 0)
    return html`<section aria-labelledby="lost"><h2 id="lost">Requests lost</h2><p class="lead">None.</p></section>`;
  const most = Math.max(...all.map(({ total }) => total));
  const rows = all.map(
    ({ cause, meaning, total, byPhase }) => html`<tr><td>${cause}<small>${meaning}</small></td>
<td class="wide-only" style="width:22%"><span class="bar" style="width:${((total / most) * 100).toFixed(1)}%"></span></td>
${lostPhases.map((phase) => html`<td class="n">${count(byPhase[phase])}</td>`)}<td class="n"><strong>${count(total)}</strong></td></tr>`,
  );
  return html`<section aria-labelledby="lost"><h2 id="lost">Requests lost, by cause</h2>
<p class="lead">Every request that got no good answer, by what became of it and by the phase in which it was sent.</p>
<table><thead><tr><th>Cause</th><th class="wide-only"></th>${lostPhases.map((phase) => html`<th class="n">${phase}</th>`)}<th class="n">all</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

export function clusters(journal: Journal, judged: Judgement, frame: Frame): Markup | undefined {
  const seconds = secondsOf(journal);
  if (seconds.length === 0) return undefined;
  const rows = [...frame.clusters].map(([name, token]) => {
    const routed = seconds.filter((second) => countOf(second.rows, (row) => row.routed === name) > 0);
    const all = seconds.flatMap((second) => second.rows);
    const when = (at: number | undefined) => (at === undefined ? '—' : since(at * 1000, frame.zeroMs));
    return html`<tr><td><span class="swatch" style="background:var(--${token})"></span>${name}${name === frame.victim && html`<small>${victimText(journal, judged)}</small>`}</td>
<td class="n">${count(countOf(all, (row) => row.routed === name))}</td><td class="n">${count(countOf(all, (row) => row.served === name))}</td>
<td class="n">${when(routed[0]?.at)}</td><td class="n">${when(routed.at(-1)?.at)}</td></tr>`;
  });
  return html`<section aria-labelledby="clusters"><h2 id="clusters">Who routed, who served</h2>
<p class="lead">A cluster's entry point marks every answer, errors too, and its pods mark theirs: being asked and answering are two things.</p>
<table><thead><tr><th>Cluster</th><th class="n">asked</th><th class="n">answered by a pod</th><th class="n">first</th><th class="n">last</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function victimText(journal: Journal, { phases }: Judgement): string {
  const atMs = lastRouted(journal, phases);
  if (atMs === undefined || phases.faultAtMs === undefined) return 'the victim';
  return `the victim; last asked ${duration(Math.max(atMs - phases.faultAtMs, 0))} after the fault, before the way back`;
}

export function routing(journal: Journal, judged: Judgement, frame: Frame): Markup | undefined {
  const routings = routingsOf(journal, judged.phases, frame.healthyAtMs);
  if (routings.length === 0) return undefined;
  const tracks = routings.map(
    (one, index) =>
      html`<div class="track"><h3>${one.name}</h3>${drawn(routingChart(one, frame, `routing${index}`))}</div>`,
  );
  return html`<section aria-labelledby="routing"><h2 id="routing">Two routing stages</h2>
<p class="lead">The load balancer picks a cluster, the cluster picks a pod. Both stages are drawn from the same requests; the width is the share.</p>${tracks}</section>`;
}
