/** The other tenants of the fleet: what was none of the drill's business and was hit all the same. */
import { duration } from '../../format.ts';
import type { Journal } from '../../journal.ts';
import { html, type Markup } from '../../markup.ts';
import { placeText, type TenantLoss, tenantLosses } from '../../tenants.ts';

export function tenants(journal: Journal): Markup | undefined {
  const losses = tenantLosses(journal);
  if (losses.length === 0) return undefined;
  return html`<section aria-labelledby="tenants"><h2 id="tenants">Other tenants</h2>
<p class="lead">What the drill did to workloads that are none of its business.</p>
<table><thead><tr><th>Workload</th><th class="n">Replicas</th><th class="n">Missing at most</th><th class="n">For</th><th>In the end</th></tr></thead>
<tbody>${losses.map(row)}</tbody></table></section>`;
}

function row(loss: TenantLoss): Markup {
  const { workload, wanted, missing, downMs, whole } = loss;
  return html`<tr><td>${workload}</td><td class="n">${wanted}</td><td class="n">${missing}</td><td class="n">${missing === 0 ? '—' : duration(downMs)}</td><td>${whole ? 'all ready' : 'not all ready'}; ${placeText(loss)}</td></tr>`;
}
