import type { Fault } from '../../lab/faults.ts';
import { type Call, type Command, jsonFlag } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { foreground } from '../foreground.ts';
import { askLab } from '../lab-control.ts';
import { cannot, exitCodes, problem, usage } from '../problem.ts';
import { keeper, lab } from '../processes/definitions.ts';
import { ensure } from '../processes/ensure.ts';
import { livingRecord } from '../processes/record.ts';
import { stopOne } from '../processes/stop-all.ts';

type Verb = (call: Call, rest: string[]) => Promise<number>;
const verbs: Record<string, Verb> = { run, up, down, status, break: breakIt, mend };

export const command: Command = {
  usage: 'lab run | up | down | status | break [KIND TARGET [--OPTION VALUE ...]] | mend [ID ...]',
  about:
    'The lab: three clusters, a Karmada control plane and a Front Door in one process. `run` has it in the ' +
    'foreground, `up` in the background; `break` sets a fault (alone, it lists the kinds), `mend` takes faults ' +
    'away, all of them when none is named.',
  arguments: { min: 1, max: 20 },
  flags: jsonFlag,
  takesInputs: true,
  async run(call) {
    const [verb = '', ...rest] = call.arguments;
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    const [stray] = verb === 'break' ? [] : Object.keys(call.inputs);
    const [spare] = verb === 'break' || verb === 'mend' ? [] : rest;
    if (act !== undefined && stray !== undefined)
      throw usage(problem('FD7002', `lab ${verb} has no flag --${stray}`));
    if (act !== undefined && spare !== undefined)
      throw usage(problem('FD7004', `lab ${verb} takes no argument, found "${spare}"`));
    if (act !== undefined) return await act(call, rest);
    const remedy = didYouMean(verb, Object.keys(verbs)) ?? `Known: ${Object.keys(verbs).join(', ')}`;
    throw usage(problem('FD7001', `there is no command "lab ${verb}"`, { remedy }));
  },
};

async function run(call: Call): Promise<number> {
  if (livingRecord('lab') !== undefined)
    throw cannot(
      problem('FD7011', 'the lab of this checkout is running already, in the background', {
        remedy: 'Use it, or stop it first: npx firedrill lab down.',
      }),
    );
  const { command: words, env } = await lab.prepare(call.out.say);
  return await foreground(words, env);
}

async function up(call: Call): Promise<number> {
  const record = await ensure(lab, call.out.say);
  await ensure(keeper, call.out.say);
  if (call.out.json) call.out.data(record);
  else call.out.print(`the lab is up (pid ${record.pid}, log ${record.log})`);
  return exitCodes.passed;
}

async function down(call: Call): Promise<number> {
  const running = livingRecord('lab') !== undefined;
  await stopOne('lab');
  if (call.out.json) call.out.data({ stopped: running });
  else call.out.print(running ? 'the lab is down' : 'the lab was not running');
  return exitCodes.passed;
}

async function status(call: Call): Promise<number> {
  const [state, faults] = await Promise.all([askLab<object>('GET', '/state'), activeFaults()]);
  if (call.out.json) call.out.data({ state, faults });
  else {
    call.out.print(JSON.stringify(state, null, 2));
    call.out.print(faults.length === 0 ? 'no faults' : faults.map(faultText).join('\n'));
  }
  return exitCodes.passed;
}

async function breakIt(call: Call, rest: string[]): Promise<number> {
  const [kind, target] = rest;
  const { faultKinds } = await import('../../lab/faults.ts');
  if (kind === undefined) {
    if (call.out.json) call.out.data(faultKinds);
    else
      for (const [name, fault] of Object.entries(faultKinds))
        call.out.print(`${name.padEnd(28)} ${fault.on.padEnd(11)} ${fault.doc}`);
    return exitCodes.passed;
  }
  if (!Object.hasOwn(faultKinds, kind)) {
    const remedy = didYouMean(kind, Object.keys(faultKinds)) ?? '`npx firedrill lab break` lists them.';
    throw usage(problem('FD7003', `there is no fault "${kind}"`, { remedy }));
  }
  if (target === undefined)
    throw usage(problem('FD7004', `lab break ${kind} needs a target: its ${faultKinds[kind]!.on}`));
  const options = Object.fromEntries(
    Object.entries(call.inputs).map(([name, value]) => [name, typed(value)]),
  );
  const made = await askLab<{ id: string }>('POST', '/faults', { kind, target, options });
  if (call.out.json) call.out.data(made);
  else call.out.print(`${made.id}: ${kind} on ${target}. Take it away: npx firedrill lab mend ${made.id}`);
  return exitCodes.passed;
}

/** `5000` is a number, `["patch"]` a list, anything else text. */
function typed(value: string | true): unknown {
  if (value === true) return true;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

async function mend(call: Call, named: string[]): Promise<number> {
  const ids = named.length > 0 ? named : (await activeFaults()).map((fault) => fault.id);
  for (const id of ids) await askLab('DELETE', `/faults/${encodeURIComponent(id)}`);
  if (call.out.json) call.out.data({ mended: ids });
  else call.out.print(ids.length === 0 ? 'there was no fault' : `mended: ${ids.join(', ')}`);
  return exitCodes.passed;
}

async function activeFaults(): Promise<Fault[]> {
  const answer = await askLab<Fault[] | { faults: Fault[] }>('GET', '/faults');
  return Array.isArray(answer) ? answer : answer.faults;
}

function faultText(fault: Fault): string {
  const options = Object.keys(fault.options).length === 0 ? '' : ` ${JSON.stringify(fault.options)}`;
  return `${fault.id}  ${fault.kind} on ${fault.target}${options}`;
}
