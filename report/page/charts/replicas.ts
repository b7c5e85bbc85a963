/** Ready replicas per cluster over time, as the waits saw them. */
import type { Journal } from '../../journal.ts';
import { replicaPoints } from '../../replicas.ts';
import type { Chart } from '../draw.ts';
import { type Frame, fontSize, landmarks, margin, timeAxis, valueAxis } from '../frame.ts';
import { ink } from '../palette.ts';

/** Undefined when no step watched replicas. */
export function replicasChart(journal: Journal, frame: Frame): Chart | undefined {
  const points = replicaPoints(journal);
  if (points.length === 0) return undefined;
  const lines = [...frame.clusters].flatMap(([name, token]) => {
    const seen = points.filter(({ ready }) => ready[name] !== undefined);
    return seen.length === 0
      ? []
      : [
          {
            name,
            colour: ink[token],
            data: stretched(seen.map((point) => [frame.at(point.atMs), point.ready[name] ?? 0])),
          },
        ];
  });
  const most = Math.max(...lines.flatMap(({ data }) => data.map(([, value]) => value)), 1);

  const step = Math.max(Math.ceil(most / 4), 1);

  /** A look knows what is until something changes: the line begins at the axis and goes on to its end. */
  function stretched(data: [number, number][]): [number, number][] {
    const before = data.findLast(([at]) => at <= frame.from);
    const inside = data.filter(([at]) => at > frame.from);
    const last = inside.at(-1) ?? before;
    return [
      ...(before === undefined ? [] : [[frame.from, before[1]] as [number, number]]),
      ...inside,
      ...(last === undefined ? [] : [[frame.until, last[1]] as [number, number]]),
    ];
  }

  return {
    id: 'replicas',
    title: 'Ready replicas by cluster',
    description: lines
      .map(
        ({ name, data }) =>
          `${name}: ${data
            .map(([, value]) => value)
            .filter((value, n, all) => value !== all[n - 1])
            .join(' → ')}`,
      )
      .join('; '),
    height: { wide: 170, narrow: 150 },
    option: (box) => ({
      grid: { ...margin(box), top: 12, bottom: 26 },
      xAxis: timeAxis(frame, box),
      yAxis: valueAxis(box, { min: 0, max: Math.ceil((most + 1) / step) * step, interval: step }),
      series: [
        landmarks(frame, box, false),
        ...lines.map(({ name, colour, data }, index) => ({
          name,
          type: 'line',
          color: colour,
          step: 'end',
          symbol: 'none',
          data,
          lineStyle: {
            color: colour,
            width: 2.5,
            type: [undefined, [7, 3], [2, 3], [10, 3, 2, 3]][index % 4] ?? 'solid',
            cap: 'butt',
          },
          endLabel: {
            show: !box.narrow,
            formatter: name,
            color: colour,
            fontSize: fontSize(box),
            fontWeight: 600,
            offset: [-10, -9],
            align: 'right',
          },
        })),
      ],
    }),
  };
}
