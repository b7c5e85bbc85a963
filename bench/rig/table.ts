/** The figures as a person reads them. */
import type { Figures } from '../rig.ts';
import type { Cost } from './members.ts';
import { sum } from './usage.ts';

type Row = [what: string, figure: string];

export function rowsOf(figures: Figures): Row[] {
  return [
    ...startRows(figures),
    ...idleRows(figures),
    ...spreadRows(figures),
    ...drainRows(figures),
    ...memberRows(figures),
  ];
}

export function table(figures: Figures): string {
  const rows = rowsOf(figures);
  const width = Math.max(...rows.map(([what]) => what.length)) + 2;
  const lines = rows.map(([what, figure]) => `${what.padEnd(width)}${figure}`);
  return `${figures.machine}\n\n${lines.join('\n')}\n`;
}

function startRows({ start }: Figures): Row[] {
  if (start === undefined) return [];
  const { fresh, kept, stop } = start;
  return [
    ['new rig until its processes are ready', seconds(fresh.processes)],
    ['new rig until three Clusters are joined and Ready', seconds(fresh.ready)],
    ['kept rig until its processes are ready', seconds(kept.processes)],
    ['kept rig until three Clusters are Ready', seconds(kept.ready)],
    ['stop', seconds(stop)],
  ];
}

function idleRows({ idle }: Figures): Row[] {
  if (idle === undefined) return [];
  const largest = Object.entries(idle.memory).sort(([, one], [, other]) => other - one);
  return [
    ['resident memory', `${sum(idle.memory).toFixed(0)} MiB in ${largest.length} processes`],
    ['processor when idle', `${sum(idle.cpu).toFixed(1)} % of one core`],
    ...largest.map(
      ([name, mib]): Row => [
        `  ${name}`,
        `${mib.toFixed(0).padStart(4)} MiB ${idle.cpu[name]!.toFixed(1).padStart(5)} %`,
      ],
    ),
  ];
}

function spreadRows({ spread }: Figures): Row[] {
  if (spread === undefined) return [];
  const { looks, noticed, believed } = spread;
  const text = ({ ours, kubectl, ratio }: typeof noticed, command: string) =>
    `${ours.toFixed(0)} ms, ${command} ${kubectl.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`;
  return [
    [`spread noticed, median of ${looks}`, text(noticed, 'kubectl wait')],
    ['  and read afresh', text(believed, 'kubectl wait, then get')],
  ];
}

function drainRows({ drain }: Figures): Row[] {
  if (drain === undefined) return [];
  const { pods, pairs, ours, kubectl, ratio } = drain;
  const figure = `${seconds(ours)}, kubectl drain ${seconds(kubectl)}, ratio ${ratio.toFixed(2)}`;
  return [[`drain of ${pods} pods on 3 nodes, median of ${pairs}`, figure]];
}

function memberRows({ members = [] }: Figures): Row[] {
  return members.flatMap(({ members: count, preflight, awaitSpread }): Row[] => [
    [`preflight with ${count} members`, costText(preflight, count)],
    [`await-spread with ${count} members`, costText(awaitSpread, count)],
  ]);
}

const costText = ({ ms, cpuMs, memory }: Cost, count: number): string =>
  `${seconds(ms / 1000)} (${(ms / count).toFixed(1)} ms a member), processor ${seconds(cpuMs / 1000)}, ${memory.toFixed(0)} MiB`;

const seconds = (value: number): string => `${value.toFixed(1)} s`;
