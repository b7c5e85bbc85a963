/** Requests per second by the cluster that served them, and what failed on top. */
import type { Journal } from '../../journal.ts';
import { countOf, secondsOf } from '../../seconds.ts';
import type { Chart } from '../draw.ts';
import { type Frame, landmarks, margin, timeAxis, valueAxis } from '../frame.ts';
import { ink } from '../palette.ts';

/** More columns than this cannot be told apart: several seconds then share one, as their mean. */
const COLUMNS = 150;

/** Undefined when there was no background traffic. */
export function requestsChart(journal: Journal, frame: Frame): Chart | undefined {
  const seconds = secondsOf(journal).filter(({ at }) => frame.at(at * 1000) >= frame.from);
  if (seconds.length === 0) return undefined;
  const width = Math.max(Math.ceil((frame.until - frame.from) / COLUMNS), 1);
  const series = [...frame.clusters.keys()].map((name) => ({
    name,
    colour: ink[frame.clusters.get(name) ?? 'c1'],
    points: columns((rows) => countOf(rows, (row) => row.class === 'ok' && row.served === name)),
    decal: undefined,
  }));
  const elsewhere = columns((rows) =>
    countOf(rows, (row) => row.class === 'ok' && !frame.clusters.has(row.served)),
  );
  const failed = columns((rows) => countOf(rows, (row) => row.class !== 'ok'));

  function columns(of: (rows: (typeof seconds)[number]['rows']) => number): [number, number][] {
    const sums = new Map<number, number>();
    for (const { at, rows } of seconds) {
      const column = Math.floor(frame.at(at * 1000) / width) * width;
      sums.set(column, (sums.get(column) ?? 0) + of(rows) / width);
    }
    return [...sums].map(([column, sum]) => [column + width / 2, Math.round(sum * 100) / 100]);
  }

  return {
    id: 'requests',
    title: 'Requests per second by the cluster that served them',
    description: 'Stacked by cluster; failed requests stand on top, hatched.',
    height: { wide: 250, narrow: 210 },
    option(box) {
      const inner = box.width - margin(box).left - margin(box).right;
      const bar = (name: string, colour: string, data: [number, number][], more: object = {}) => ({
        name,
        type: 'bar',
        stack: 'requests',
        barWidth: Math.max((inner * width) / (frame.until - frame.from) - (box.narrow ? 0.6 : 1.4), 0.8),
        itemStyle: { color: colour, ...more },
        data,
      });
      return {
        grid: { ...margin(box), top: 26, bottom: 26 },
        xAxis: timeAxis(frame, box),
        yAxis: valueAxis(box),
        series: [
          landmarks(frame, box, true),
          ...series.map(({ name, colour, points }) => bar(name, colour, points)),
          ...(elsewhere.some(([, value]) => value > 0) ? [bar('other', ink.muted, elsewhere)] : []),
          bar('failed', ink.bad, failed, {
            decal: {
              symbol: 'rect',
              color: ink.paper,
              dashArrayX: [1, 0],
              dashArrayY: [1.5, 3.5],
              rotation: -Math.PI / 4,
            },
          }),
        ],
      };
    },
  };
}
