/** Latency from the intended send time, slice by slice. */
import type { Journal } from '../../journal.ts';
import type { Chart } from '../draw.ts';
import { type Frame, fontSize, landmarks, margin, timeAxis, valueAxis } from '../frame.ts';
import { ink } from '../palette.ts';

/** Undefined when there was no background traffic. */
export function latencyChart(journal: Journal, frame: Frame): Chart | undefined {
  const slices = journal.traffic
    .flatMap((stream) => stream.slices)
    .filter((slice) => frame.at(slice.untilMs) > frame.from && slice.p99Ms > 0)
    .sort((a, b) => a.fromMs - b.fromMs);
  if (slices.length === 0) return undefined;
  const steps = (read: (slice: (typeof slices)[number]) => number): [number, number][] =>
    slices.flatMap((slice): [number, number][] => [
      [Math.max(frame.at(slice.fromMs), frame.from), read(slice)],
      [Math.min(frame.at(slice.untilMs), frame.until), read(slice)],
    ]);
  const worst = Math.max(...slices.map((slice) => slice.p99Ms));
  return {
    id: 'latency',
    title: 'Latency',
    description: `Half of the requests and 99 of 100, in milliseconds, on a logarithmic scale. The worst slice had 99 of 100 within ${Math.round(worst)} ms.`,
    height: { wide: 150, narrow: 140 },
    option: (box) => ({
      grid: { ...margin(box), top: 12, bottom: 26 },
      xAxis: timeAxis(frame, box),
      yAxis: {
        ...valueAxis(box),
        type: 'log',
        min: 1,
        axisLabel: { color: ink.muted, fontSize: fontSize(box), formatter: milliseconds },
      },
      series: [
        landmarks(frame, box, false),
        {
          name: '99 of 100',
          type: 'line',
          color: ink.ink,
          symbol: 'none',
          data: steps((slice) => slice.p99Ms),
          lineStyle: { color: ink.ink, width: 2 },
        },
        {
          name: 'half',
          type: 'line',
          color: ink.ink,
          symbol: 'none',
          data: steps((slice) => slice.p50Ms),
          lineStyle: { color: ink.muted, width: 2, type: [2, 2] },
        },
      ],
    }),
  };
}

function milliseconds(value: number): string {
  return value >= 1000 ? `${value / 1000} s` : `${value} ms`;
}
