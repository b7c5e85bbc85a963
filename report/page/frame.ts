/** The time axis that all charts of a page share: seconds after the fault, or after the start without one. */
import type { Journal } from '../journal.ts';
import { clipped, type Span } from '../spans.ts';
import type { Judgement } from '../verdict.ts';
import type { Box } from './draw.ts';
import { clusterTokens, ink, type Token } from './palette.ts';

export interface Frame {
  /** 0 of the axis, epoch ms. */
  zeroMs: number;
  hasFault: boolean;
  /** Ends of the axis, seconds. */
  from: number;
  until: number;
  /** Seconds after zero. */
  at(ms: number): number;
  clusters: Map<string, Token>;
  victim: string | undefined;
  exercise: Span | undefined;
  wayBack: Span | undefined;
  healthyAtMs: number | undefined;
}

/** So much of the steady state is shown before the fault. */
const BEFORE_MS = 20_000;

export function frameOf(journal: Journal, { phases, outage }: Judgement): Frame {
  const zeroMs = phases.faultAtMs ?? journal.startedMs;
  const at = (ms: number) => (ms - zeroMs) / 1000;
  const shown = { fromMs: Math.max(zeroMs - BEFORE_MS, journal.startedMs), untilMs: phases.run.untilMs };
  return {
    zeroMs,
    hasFault: phases.faultAtMs !== undefined,
    from: Math.floor(at(shown.fromMs)),
    until: Math.max(Math.ceil(at(shown.untilMs)), Math.floor(at(shown.fromMs)) + 1),
    at,
    clusters: clusterTokens(Object.keys(journal.plan.fleet.members), journal.plan.victim),
    victim: journal.plan.victim,
    exercise: phases.exercise && clipped(phases.exercise, shown),
    wayBack: phases.wayBack && clipped(phases.wayBack, shown),
    healthyAtMs: outage?.healthyAtMs,
  };
}

/** Fixed, whatever the labels need: the fault stands in one line through all charts. */
export const margin = (box: Box) => ({
  ...(box.narrow ? { left: 42, right: 8 } : { left: 48, right: 12 }),
  outerBoundsMode: 'none',
});

export function fontSize(box: Box): number {
  return box.narrow ? 11 : 12;
}

/** Seconds between ticks: 1, 2 or 5 times a power of ten, for about so many of them. */
function interval(span: number, ticks: number): number {
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
}

export function timeAxis(frame: Frame, box: Box, labels = true) {
  return {
    type: 'value',
    min: frame.from,
    max: frame.until,
    interval: interval(frame.until - frame.from, box.narrow ? 5 : 11),
    axisLine: { show: labels, onZero: false, lineStyle: { color: ink.line } },
    axisTick: { show: labels, lineStyle: { color: ink.line } },
    splitLine: { show: false },
    axisLabel: {
      show: labels,
      color: ink.muted,
      fontSize: fontSize(box),
      // An end that is no whole step would stand in its neighbour.
      showMinLabel: frame.from % interval(frame.until - frame.from, box.narrow ? 5 : 11) === 0,
      showMaxLabel: false,
      formatter: (value: number) =>
        frame.hasFault && value > 0 ? `+${value} s` : `${value} s`.replace('-', '−'),
    },
  };
}

export function valueAxis(box: Box, more: object = {}) {
  return {
    type: 'value',
    splitNumber: 3,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: ink.line, width: 1 } },
    axisLabel: { color: ink.muted, fontSize: fontSize(box) },
    ...more,
  };
}

/** The fault as a line, the exercise and the way back as bands; carried by a series without data of its own. */
export function landmarks(frame: Frame, box: Box, names: boolean) {
  const label = (text: string, position: string, colour: string) => ({
    show: names,
    formatter: text,
    position,
    color: colour,
    fontSize: fontSize(box),
    fontWeight: 600,
    distance: 4,
  });
  const lines = [
    ...(frame.hasFault
      ? [
          {
            xAxis: 0,
            label: label('fault', 'end', ink.fault),
            lineStyle: { color: ink.fault, width: 2, type: 'solid' },
          },
        ]
      : []),
    ...(frame.healthyAtMs === undefined
      ? []
      : [
          {
            xAxis: frame.at(frame.healthyAtMs),
            label: label('healthy', 'end', ink.ink),
            lineStyle: { color: ink.ink, width: 1.5, type: [2, 3] },
          },
        ]),
    ...(frame.wayBack === undefined
      ? []
      : [
          {
            xAxis: frame.at(frame.wayBack.fromMs),
            label: label('way back', 'end', ink.back),
            lineStyle: { color: ink.back, width: 1.5, type: [6, 4] },
          },
        ]),
  ];
  const band = (span: Span, colour: string) => [
    { xAxis: frame.at(span.fromMs), itemStyle: { color: colour, opacity: 0.07 } },
    { xAxis: frame.at(span.untilMs) },
  ];
  const bands = [
    ...(frame.exercise === undefined ? [] : [band(frame.exercise, ink.fault)]),
    ...(frame.wayBack === undefined ? [] : [band(frame.wayBack, ink.back)]),
  ];
  return {
    type: 'line',
    color: ink.ink,
    data: [],
    silent: true,
    markLine: { symbol: 'none', silent: true, data: lines },
    markArea: { silent: true, data: bands },
  };
}
