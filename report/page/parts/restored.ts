/** What was put back, and what was not, with the command that mends it. */
import { clock } from '../../format.ts';
import { html, type Markup } from '../../markup.ts';
import type { Left } from '../../restored.ts';
import type { Judgement } from '../../verdict.ts';

export function restored({ restored: word, restoration }: Judgement): Markup {
  const { left, done } = restoration;
  const lead = {
    fully:
      done.length === 0
        ? 'What was set up stays; nothing else was touched.'
        : 'Everything that was changed was compared with the snapshot taken before.',
    partly: 'These are not as they were before the drill.',
    untouched: 'The drill changed nothing.',
  }[word];
  return html`<section aria-labelledby="restored"><h2 id="restored">What was put back</h2><p class="lead">${lead}</p>
${left.length > 0 && html`<table><thead><tr><th>Not as before</th><th>Before</th><th>Now</th><th>Mend it with</th></tr></thead><tbody>${left.map(leftRow)}</tbody></table>`}
${
  done.length > 0 &&
  html`<table><thead><tr><th>As before</th><th>How</th><th class="n">When</th></tr></thead><tbody>${done.map(
    ({ title, how, atMs }) =>
      html`<tr><td>${title}</td><td>${how === 'undone' ? 'undone, then compared' : 'compared; no undo was needed'}</td><td class="n">${clock(atMs)}</td></tr>`,
  )}</tbody></table>`
}</section>`;
}

function leftRow({ title, what, before, now, reason, remedy }: Left): Markup {
  return html`<tr><td>${what}<small>${title}: ${reason}</small></td><td><code>${JSON.stringify(before)}</code></td><td><code>${JSON.stringify(now)}</code></td><td><code>${remedy}</code></td></tr>`;
}
