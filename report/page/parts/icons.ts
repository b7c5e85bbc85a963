/** Small drawings that say the same as the colour beside them. */

import type { VerdictName } from '../../../workflows/protocol.ts';
import type { Tone } from '../../figures.ts';
import { html, type Markup, raw } from '../../markup.ts';

const paths = {
  check: 'M3 8.5l3.4 3.4L13 4.6',
  cross: 'M4 4l8 8M12 4l-8 8',
  doubt: 'M5.3 5.6c.2-3.6 5.6-3.4 5.6 0 0 2.2-2.8 2.2-2.8 4.3M8.1 12.9v.3',
  stop: 'M4.5 4.5h7v7h-7z',
  broken: 'M9 2L5 8h5.5L7 14',
} as const;

function icon(name: keyof typeof paths): Markup {
  return html`<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${paths[name]}"/></svg>`;
}

const byVerdict: Record<VerdictName, keyof typeof paths> = {
  passed: 'check',
  failed: 'cross',
  inconclusive: 'doubt',
  aborted: 'stop',
  broken: 'broken',
};

export function verdictIcon(verdict: VerdictName): Markup {
  return icon(byVerdict[verdict]);
}

export function toneIcon(tone: Tone): Markup {
  if (tone === 'plain') return raw('');
  return icon(tone === 'good' ? 'check' : tone === 'bad' ? 'cross' : 'doubt');
}
