/** `lab logs`: what a process of a lab wrote. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../../lab/rig/record.ts';
import type { Call } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { cannot, exitCodes, problem, usage } from '../problem.ts';
import { inHome } from '../processes/home.ts';
import { type LabTier, labs } from '../processes/labs.ts';
import { growing } from '../processes/log.ts';
import { meantTier } from './tier.ts';
import type { Verb } from './verb.ts';

const LOOK_EVERY_MS = 200;

export const logs: Verb = {
  most: 1,
  flags: ['tier', 'follow'],
  async run(call, [name]) {
    const tier = await meantTier(call);
    const files = logsOf(tier);
    if (name === undefined) return list(call, files);
    const file = files.get(name);
    if (file === undefined) {
      const remedy = didYouMean(name, files.keys()) ?? `There are: ${[...files.keys()].join(', ')}.`;
      throw usage(problem('FD7006', `the ${labs[tier].name} has no log "${name}"`, { remedy }));
    }
    if (!existsSync(file))
      throw cannot(
        problem('FD7006', 'nothing was written there yet', { where: file, remedy: notStarted(tier) }),
      );
    return await show(call, file);
  },
};

/** The log of the lab itself, and of each process that it ran when it was last up. */
function logsOf(tier: LabTier): Map<string, string> {
  const { name } = labs[tier];
  const own = [[name, inHome('logs', `${name}.log`)]] as const;
  const processes = tier === 'rig' ? (readRecord(inHome('rig'))?.processes ?? []) : [];
  return new Map([...own, ...processes.map((one) => [one.name, one.log] as const)]);
}

function list(call: Call, files: Map<string, string>): number {
  if (call.out.json) call.out.data(Object.fromEntries(files));
  else for (const [name, file] of files) call.out.print(`${name.padEnd(34)} ${file}`);
  return exitCodes.passed;
}

async function show(call: Call, file: string): Promise<number> {
  const read = growing(file);
  for (;;) {
    for (let text = read(); text !== ''; text = read()) call.out.write(text);
    if (!call.on('follow')) return exitCodes.passed;
    await sleep(LOOK_EVERY_MS);
  }
}

const notStarted = (tier: LabTier) => `It begins with the lab: npx firedrill lab up --tier ${tier}.`;
