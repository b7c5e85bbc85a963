/** The report: one self-contained HTML file, the same bytes for the same journal. */
import type { Journal } from './journal.ts';
import { html, raw } from './markup.ts';
import { frameOf } from './page/frame.ts';
import { findings, identity, printed, steps } from './page/parts/evidence.ts';
import { causes, header } from './page/parts/header.ts';
import { recovery } from './page/parts/recovery.ts';
import { clusters, lost, routing } from './page/parts/requests.ts';
import { restored } from './page/parts/restored.ts';
import { tenants } from './page/parts/tenants.ts';
import { timeline } from './page/parts/timeline.ts';
import { style } from './page/style.ts';
import { judge } from './verdict.ts';

export function pageOf(journal: Journal): string {
  const judged = judge(journal);
  const frame = frameOf(journal, judged);
  const title = `${journal.plan.runbook.name}: ${judged.verdict}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${raw(style)}</style></head><body><main>
${header(journal, judged)}
${causes(judged)}
${timeline(journal, judged, frame)}
${recovery(journal, judged)}
${lost(journal, judged)}
${clusters(journal, judged, frame)}
${routing(journal, judged, frame)}
${tenants(journal)}
${printed(journal)}
${restored(judged)}
${findings(journal)}
${steps(journal, judged)}
${identity(journal)}
<footer>Made by Firedrill from the run's own history. The same history gives the same report.</footer>
</main></body></html>
`.markup;
}
