/** The steps as bars over the time axis that all charts share. */
import type { Journal } from '../../journal.ts';
import { planIndex } from '../../plan-index.ts';
import type { Span } from '../../spans.ts';
import { stepSpan } from '../../step-span.ts';
import type { Judgement } from '../../verdict.ts';
import type { Chart } from '../draw.ts';
import { type Frame, fontSize, landmarks, margin, timeAxis } from '../frame.ts';
import { ink } from '../palette.ts';

interface Bar {
  row: number;
  from: number;
  until: number;
  label: string;
  colour: string;
  hollow: boolean;
}

const ROW = { wide: 24, narrow: 21 };

export function stepsChart(journal: Journal, judged: Judgement, frame: Frame): Chart | undefined {
  const bars = barsOf(journal, judged, frame);
  if (bars.length === 0) return undefined;
  const rows = bars.length;
  return {
    id: 'steps',
    title: 'Steps',
    description: bars
      .map(({ label, from, until }) => `${label}: ${from.toFixed(1)} to ${until.toFixed(1)} s`)
      .join('; '),
    height: { wide: rows * ROW.wide + 34, narrow: rows * ROW.narrow + 34 },
    option: (box) => ({
      grid: { ...margin(box), top: 6, bottom: 26 },
      xAxis: timeAxis(frame, box),
      yAxis: { type: 'value', min: 0, max: rows, inverse: true, show: false },
      series: [
        landmarks(frame, box, false),
        {
          type: 'custom',
          data: bars.map((bar) => [bar.from, bar.until, bar.row]),
          renderItem: (_: unknown, api: { value(n: number): number; coord(at: number[]): number[] }) =>
            drawBar(bars[api.value(2)] as Bar, api, box.narrow, box.width - margin(box).right, fontSize(box)),
        },
      ],
    }),
  };
}

/** One bar for what a step did, one for its undo; those that ended before the axis begins are left out. */
function barsOf(journal: Journal, { causes }: Judgement, frame: Frame): Bar[] {
  const index = planIndex(journal.plan);
  const wrong = new Set(causes.map(({ path }) => path));
  const bars = journal.steps.flatMap((step) => {
    const fault = index.fault?.path === step.path;
    const colour = wrong.has(step.path) ? ink.bad : fault ? ink.fault : ink.muted;
    const sign = wrong.has(step.path) ? '✕ ' : '';
    return [
      ...barOf(stepSpan(step), `${sign}${step.title}`, colour, false),
      ...barOf(
        stepSpan(step, (verb) => verb === 'undo'),
        `Put back: ${step.title}`,
        ink.back,
        true,
      ),
    ];
  });
  return bars
    .filter(({ until }) => until >= frame.from)
    .sort((a, b) => a.from - b.from)
    .map((bar, row) => ({ ...bar, row, from: Math.max(bar.from, frame.from) }));

  function barOf(span: Span | undefined, label: string, colour: string, hollow: boolean): Bar[] {
    if (span === undefined) return [];
    return [{ row: 0, from: frame.at(span.fromMs), until: frame.at(span.untilMs), label, colour, hollow }];
  }
}

function drawBar(
  bar: Bar,
  api: { coord(at: number[]): number[] },
  narrow: boolean,
  right: number,
  size: number,
) {
  const [x = 0, y = 0] = api.coord([bar.from, bar.row + 0.5]);
  const [end = 0] = api.coord([bar.until, bar.row + 0.5]);
  const width = Math.max(end - x, 3);
  // The label stands where there is more room.
  const room = right - (x + width);
  const after = room > (narrow ? 150 : 320) || room > x;
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: { x, y: y - 5, width, height: 10, r: 2 },
        style: bar.hollow ? { fill: 'none', stroke: bar.colour, lineWidth: 1.5 } : { fill: bar.colour },
      },
      {
        type: 'text',
        style: {
          text: bar.label,
          x: after ? x + width + 7 : x - 7,
          y,
          fill: ink.ink,
          fontSize: size,
          fontFamily: 'inherit',
          // Letters stay legible where a line of the chart runs through them.
          stroke: ink.paper,
          lineWidth: 4,
          textAlign: after ? 'left' : 'right',
          textVerticalAlign: 'middle',
          width: Math.max(after ? room - 10 : x - 10, 40),
          overflow: 'truncate',
        },
      },
    ],
  };
}
