/** Verdict, story, key figures, and why it is not a pass. */
import { figuresOf } from '../../figures.ts';
import { clock, day, since } from '../../format.ts';
import { headlineOf } from '../../headline.ts';
import type { Journal } from '../../journal.ts';
import { html, type Markup } from '../../markup.ts';
import { decidingCause, storyOf } from '../../story.ts';
import { toldCauses } from '../../verdict/cause.ts';
import type { Judgement } from '../../verdict.ts';
import { toneIcon, verdictIcon } from './icons.ts';

export function header(journal: Journal, judged: Judgement): Markup {
  const { runbook, fleet } = journal.plan;
  const { word, as } = headlineOf(journal, judged);
  const verdict = `${word[0]?.toUpperCase()}${word.slice(1)}`;
  return html`<header>
<p class="eyebrow"><span>${runbook.name} on ${fleet.name}</span><span>${day(journal.startedMs)}</span><span>${journal.options.scheduled ? 'scheduled, ' : ''}requested by ${journal.options.requestedBy}</span></p>
<div class="top"><h1>${runbook.description ?? runbook.name}</h1><strong class="verdict ${as}">${verdictIcon(as)}${verdict}</strong></div>
<p class="story">${glued(storyOf(journal, judged))}</p>
${figures(journal, judged)}
</header>`;
}

function figures(journal: Journal, judged: Judgement): Markup {
  const tiles = figuresOf(journal, judged).map(
    ({ name, value, beside, tone }) =>
      html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="beside tone-${tone}"><span class="mark">${toneIcon(tone)}</span>${beside}</dd></div>`,
  );
  return html`<dl class="figures">${tiles}</dl>`;
}

/** Nothing when passed. */
export function causes(judged: Judgement): Markup | undefined {
  const { phases } = judged;
  const all = toldCauses(judged.causes);
  if (all.length === 0) return undefined;
  const deciding = decidingCause(judged);
  const zeroMs = phases.faultAtMs;
  const rows = all.map(
    (
      cause,
    ) => html`<li><span class="when">${zeroMs === undefined ? clock(cause.atMs) : since(cause.atMs, zeroMs)}</span>
<span class="${cause === deciding ? 'deciding' : ''}">${cause.text}</span>${cause.remedy !== '' && html`<span class="remedy">${cause.remedy}</span>`}</li>`,
  );
  return html`<section aria-labelledby="why"><h2 id="why">Why it is not a pass</h2>
<p class="lead">In order of time${zeroMs === undefined ? '' : ', counted from the fault'}. The worst kind of cause names the verdict.</p>
<ol class="causes">${rows}</ol></section>`;
}

/** A number stays on the line of what it counts. */
function glued(text: string): string {
  return text.replace(/(\S) (s|%|\d+)(?=[\s,.]|$)/g, '$1\u00a0$2');
}
