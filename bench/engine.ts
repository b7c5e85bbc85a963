/**
 * `npm run bench:engine`: what the engine costs. 200 steps that do nothing, as a drill and as a workflow written by
 * hand that calls the same activity with the same argument; same server, same worker, taking turns. A drill has a
 * frame around its steps (preflight, lock, verdict, evidence), so both are told: the steps alone, and the whole run.
 */
import { parseArgs } from 'node:util';
import { planOf } from '../test/workflows/engine.ts';
import type { DrillOptions } from '../workflows/protocol.ts';
import { type Measured, measure } from './engine/measure.ts';
import { startRig } from './engine/rig.ts';
import { median } from './median.ts';

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '7' }, steps: { type: 'string', default: '200' } },
});
const [pairs, steps] = [Number(values.pairs), Number(values.steps)];

const plan = planOf(`name: nothing\nsteps:\n${'  - uses: toy/nothing\n    with: {}\n'.repeat(steps)}`);
const options: DrillOptions = { requestedBy: 'bench', scheduled: false, searchAttributes: false };

const rig = await startRig();
const drill = () => measure(rig.client, 'drill', [plan, options]);
const byHand = () => measure(rig.client, 'byHand', [plan, steps]);
const [drills, hands]: [Measured[], Measured[]] = [[], []];
try {
  // Nobody's first run counts: code is compiled in it.
  await drill();
  await byHand();
  for (let pair = 0; pair < pairs; pair += 1) {
    const turns = [async () => drills.push(await drill()), async () => hands.push(await byHand())];
    for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn();
  }
} finally {
  await rig.close();
}

const rows: [name: string, of: (one: Measured) => number, digits: number][] = [
  ['steps, s', ({ stepsMs }) => stepsMs / 1000, 2],
  ['whole run, s', ({ wholeMs }) => wholeMs / 1000, 2],
  ['worker CPU, ms a step', ({ cpuMs }) => cpuMs / steps, 2],
  ['history, bytes a step', ({ bytes }) => bytes / steps, 0],
  ['history, events a step', ({ events }) => events / steps, 2],
];
console.log(`${steps} steps, ${pairs} pairs, medians\n`);
console.log(`${''.padEnd(24)}${'drill'.padStart(9)}${'by hand'.padStart(9)}${'ratio'.padStart(9)}`);
const ratios = rows.map(([name, of, digits]) => {
  const [a, b] = [median(drills.map(of)), median(hands.map(of))];
  const cells = [a.toFixed(digits), b.toFixed(digits), (a / b).toFixed(3)];
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(9)).join(''));
  return Number((a / b).toFixed(3));
});
const [stepsRatio, whole, cpu, bytes, events] = ratios;
console.log(JSON.stringify({ bench: 'engine', steps: stepsRatio, whole, cpu, bytes, events }));
process.exit(0);
