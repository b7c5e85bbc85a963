/** Lays a summary out as hey does, then adds what hey cannot tell. */
import type { Summary } from './summary-shape.ts';

const BAR = 40;

export function summaryText(summary: Omit<Summary, 'text'>): string {
  return [
    section('Summary', [
      `Total:        ${summary.totalSeconds.toFixed(4)} secs`,
      `Slowest:      ${seconds(summary.slowestMs)} secs`,
      `Fastest:      ${seconds(summary.fastestMs)} secs`,
      `Average:      ${seconds(summary.averageMs)} secs`,
      `Requests/sec: ${summary.requestsPerSecond.toFixed(2)}`,
      `Total data:   ${bytesText(summary.bytes)}`,
      `Size/request: ${summary.bytesPerRequest} bytes`,
    ]),
    section('Response time histogram', bars(summary)),
    section(
      'Latency distribution',
      summary.latency.map(({ percent, ms }) => `${percent}% in ${seconds(ms)} secs`),
    ),
    section('Details (average, fastest, slowest)', [
      `DNS+dialup: ${rangeText(summary.details.dial)}`,
      `resp wait:  ${rangeText(summary.details.wait)}`,
      `resp read:  ${rangeText(summary.details.read)}`,
    ]),
    section(
      'Status code distribution',
      Object.entries(summary.statusCodes).map(([code, count]) => `[${code}]  ${count} responses`),
    ),
    section('Error distribution', errorLines(summary)),
    section('Routed by', shares(summary.routed)),
    section('Served by cluster', shares(summary.served)),
    section('Served by pod', shares(summary.pods)),
    ...(summary.unknown > 0 ? [`${summary.unknown} requests are unknown: an attempt was lost.`] : []),
  ].join('\n\n');
}

function section(title: string, lines: string[]): string {
  return [`${title}:`, ...(lines.length === 0 ? ['none'] : lines).map((line) => `  ${line}`)].join('\n');
}

const seconds = (ms: number) => (ms / 1000).toFixed(4);

const rangeText = ({ averageMs, fastestMs, slowestMs }: Summary['details']['dial']) =>
  `${seconds(averageMs)} secs, ${seconds(fastestMs)} secs, ${seconds(slowestMs)} secs`;

function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function bars({ histogram }: Pick<Summary, 'histogram'>): string[] {
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  return histogram.map(({ upToMs, count }) => {
    const bar = '■'.repeat(Math.round((count / most) * BAR));
    return `${(upToMs / 1000).toFixed(4)} [${count}]\t|${bar}`;
  });
}

/** The two that the scenario names are always there. */
function errorLines({ errors }: Pick<Summary, 'errors'>): string[] {
  const named = ['refused', 'timeout'].filter((name) => !errors.some((error) => error.class === name));
  const all = [...errors, ...named.map((name) => ({ class: name, count: 0, example: '' }))];
  return all.map(({ class: name, count, example }) => {
    const label = `[${name === 'refused' ? 'connect failed' : name}]`;
    return `${label.padEnd(16)}  ${count}${example === '' ? '' : `  ${example}`}`;
  });
}

function shares(counts: Record<string, number>): string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const width = Math.max(0, ...Object.keys(counts).map((name) => (name || 'nobody named').length));
  return Object.entries(counts).map(
    ([name, count]) =>
      `${(name || 'nobody named').padEnd(width)}  ${count}  ${((count / total) * 100).toFixed(1)} %`,
  );
}
