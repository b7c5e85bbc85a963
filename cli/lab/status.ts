/** `lab status`: what is up, and what of it is broken on purpose. */
import type { Fault } from '../../lab/faults.ts';
import { isSupervised, type RecordedProcess, readRecord } from '../../lab/rig/record.ts';
import type { Call } from '../command.ts';
import { exitCodes } from '../problem.ts';
import { inHome } from '../processes/home.ts';
import type { LabTier } from '../processes/labs.ts';
import { askLab } from './control.ts';
import { meantTier } from './tier.ts';
import type { Verb } from './verb.ts';

export const status: Verb = {
  most: 0,
  flags: ['tier'],
  async run(call) {
    const tier = await meantTier(call);
    const processes = tier === 'rig' ? rigProcesses() : [];
    if (!call.out.json) for (const one of processes) call.out.print(processText(one));
    const [state, faults] = await Promise.all([askLab<object>(tier, 'GET', '/state'), activeFaults(tier)]);
    if (call.out.json) call.out.data({ tier, ...(processes.length > 0 && { processes }), state, faults });
    else show(call, state, faults);
    return exitCodes.passed;
  },
};

/** Of a rig that runs, its processes; they are worth knowing when its control API does not answer, too. */
function rigProcesses(): RecordedProcess[] {
  const folder = inHome('rig');
  return isSupervised(folder) ? (readRecord(folder)?.processes ?? []) : [];
}

function processText({ name, pid, state, crashes }: RecordedProcess): string {
  const died = crashes === 0 ? '' : `  died ${crashes === 1 ? 'once' : `${crashes} times`}`;
  return `${name.padEnd(34)} ${state.padEnd(8)} ${pid ?? ''}${died}`.trimEnd();
}

function show(call: Call, state: object, faults: Fault[]): void {
  call.out.print(JSON.stringify(state, null, 2));
  call.out.print(faults.length === 0 ? 'no faults' : faults.map(faultText).join('\n'));
}

export async function activeFaults(tier: LabTier): Promise<Fault[]> {
  const answer = await askLab<Fault[] | { faults: Fault[] }>(tier, 'GET', '/faults');
  return Array.isArray(answer) ? answer : answer.faults;
}

function faultText(fault: Fault): string {
  const options = Object.keys(fault.options).length === 0 ? '' : ` ${JSON.stringify(fault.options)}`;
  return `${fault.id}  ${fault.kind} on ${fault.target}${options}`;
}
