/** Requests per second by the cluster that served them, and what failed on top, hatched. */
import type { Row } from '../../../dsl/window.ts';
import type { Journal } from '../../journal.ts';
import { countOf, secondsOf } from '../../seconds.ts';
import type { Chart } from '../draw.ts';
import { type Frame, landmarks, margin, timeAxis, valueAxis } from '../frame.ts';
import { ink } from '../palette.ts';

/** More columns than this cannot be told apart: several seconds then share one, as their mean. */
const COLUMNS = 150;
/** Distance of the hatching's lines, px. */
const HATCH = 6;

/** A part of a column: from `x` for `width` seconds, between two rates. */
interface Block {
  x: number;
  width: number;
  low: number;
  high: number;
  colour: string;
  failed: boolean;
}

/** Undefined when there was no background traffic. */
export function requestsChart(journal: Journal, frame: Frame): Chart | undefined {
  const blocks = blocksOf(journal, frame);
  if (blocks.length === 0) return undefined;
  return {
    id: 'requests',
    title: 'Requests per second by the cluster that served them',
    description: 'Stacked by cluster; failed requests stand on top, hatched.',
    height: { wide: 250, narrow: 210 },
    option: (box) => ({
      grid: { ...margin(box), top: 26, bottom: 26 },
      xAxis: timeAxis(frame, box),
      yAxis: valueAxis(box, { min: 0 }),
      series: [
        {
          // Not the library's bars: those widen the axis, and the fault would stand elsewhere than in the other charts.
          type: 'custom',
          encode: { x: 0, y: 1 },
          data: blocks.map(({ x, high }, index) => [x, high, index]),
          renderItem: (_: unknown, api: Api) =>
            drawBlock(blocks[api.value(2)] as Block, api, box.narrow ? 0.6 : 1.4),
        },
        landmarks(frame, box, true),
      ],
    }),
  };
}

function blocksOf(journal: Journal, frame: Frame): Block[] {
  const seconds = secondsOf(journal).filter(({ at }) => frame.at(at * 1000) >= frame.from);
  const first = seconds[0]?.at ?? 0;
  const width = Math.max(Math.ceil((frame.until - frame.from) / COLUMNS), 1);
  const columns = new Map<number, Row[]>();
  for (const { at, rows } of seconds) {
    // Columns begin where the seconds that were counted do, not at the fault.
    const begin = Math.floor((at - first) / width) * width + first;
    columns.set(begin, [...(columns.get(begin) ?? []), ...rows]);
  }
  const layers = [
    ...[...frame.clusters].map(([name, token]) => ({
      colour: ink[token],
      failed: false,
      keep: (row: Row) => row.class === 'ok' && row.served === name,
    })),
    {
      colour: ink.muted,
      failed: false,
      keep: (row: Row) => row.class === 'ok' && !frame.clusters.has(row.served),
    },
    { colour: ink.bad, failed: true, keep: (row: Row) => row.class !== 'ok' },
  ];
  return [...columns].flatMap(([begin, rows]) => {
    let low = 0;
    return layers.flatMap(({ colour, failed, keep }): Block[] => {
      const high = low + countOf(rows, keep) / width;
      const block = { x: frame.at(begin * 1000), width, low, high, colour, failed };
      low = high;
      return block.high > block.low ? [block] : [];
    });
  });
}

interface Api {
  value(dimension: number): number;
  coord(at: [number, number]): number[];
}

function drawBlock(block: Block, api: Api, gap: number) {
  const [left = 0, top = 0] = api.coord([block.x, block.high]);
  const [right = 0, bottom = 0] = api.coord([block.x + block.width, block.low]);
  const shape = { x: left, y: top, width: Math.max(right - left - gap, 0.6), height: bottom - top };
  const rect = { type: 'rect', shape, style: { fill: block.colour } };
  if (!block.failed) return rect;
  const lines = {
    type: 'path',
    shape: { pathData: hatch(shape) },
    style: { fill: 'none', stroke: ink.paper, lineWidth: 1.6 },
  };
  return { type: 'group', children: [rect, lines] };
}

/** Diagonals that go on from one column to the next, cut to the rectangle. */
function hatch({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string {
  const lines: string[] = [];
  for (let sum = Math.ceil((x + y) / HATCH) * HATCH; sum < x + width + y + height; sum += HATCH) {
    const from = Math.max(x, sum - y - height);
    const to = Math.min(x + width, sum - y);
    if (from < to)
      lines.push(`M${from.toFixed(1)} ${(sum - from).toFixed(1)}L${to.toFixed(1)} ${(sum - to).toFixed(1)}`);
  }
  return lines.join('');
}
