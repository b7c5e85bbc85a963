import { type Call, type Command, type Flag, jsonFlag } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { build } from '../lab/build.ts';
import { breakIt, mend } from '../lab/faults.ts';
import { logs } from '../lab/logs.ts';
import { down, run, up } from '../lab/process.ts';
import { status } from '../lab/status.ts';
import type { Verb } from '../lab/verb.ts';
import { type Problem, problem, usage } from '../problem.ts';

const verbs: Record<string, Verb> = { run, up, down, status, logs, break: breakIt, mend, build };

const flags: Record<string, Flag> = {
  tier: {
    type: 'string',
    value: 'TIER',
    summary: 'sandbox or rig (the one that is up; run, up: sandbox)',
  },
  follow: { type: 'boolean', summary: 'logs: go on with what is written, until Ctrl-C' },
  only: { type: 'string', value: 'NAME', multiple: true, summary: 'build: this program; may be repeated' },
  optional: { type: 'boolean', summary: 'build: also what the rig starts without' },
  ...jsonFlag,
};

export const command: Command = {
  usage:
    'lab run | up | down | status | logs [NAME] | break [KIND TARGET [--OPTION VALUE ...]] | mend [ID ...] | build',
  about:
    'The lab: three clusters, a Karmada control plane and a Front Door. As the sandbox it is one process of ours; ' +
    'as the rig its control planes are real etcd, Kubernetes and Karmada. `run` has it in the foreground, `up` in ' +
    'the background; `logs` prints what a process wrote (alone, it lists them); `break` sets a fault (alone, it ' +
    'lists the kinds), `mend` takes faults away, all of them when none is named. `build` makes the programs of the ' +
    'rig, once, with Go; FIREDRILL_RIG_BIN=FOLDER uses others instead.',
  arguments: { min: 1, max: 21 },
  flags,
  takesInputs: true,
  async run(call) {
    const [name = '', ...rest] = call.arguments;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) {
      const remedy = didYouMean(name, Object.keys(verbs)) ?? `Known: ${Object.keys(verbs).join(', ')}`;
      throw usage(problem('FD7001', `there is no command "lab ${name}"`, { remedy }));
    }
    const problems = mistakes(name, verb, rest, call);
    if (problems.length > 0) throw usage(...problems);
    return await verb.run(call, rest);
  },
};

/** What the parser lets through because another verb takes it. */
function mistakes(name: string, verb: Verb, rest: string[], call: Call): Problem[] {
  const given = Object.keys(flags).filter((flag) => call.on(flag) || call.text(flag) !== undefined);
  const stray = [
    ...given.filter((flag) => flag !== 'json' && !verb.flags.includes(flag)),
    ...(verb.takesOptions ? [] : Object.keys(call.inputs)),
  ];
  const spare = rest.slice(verb.most);
  const takes = verb.most === 0 ? 'no argument' : `at most ${verb.most}`;
  return [
    ...stray.map((flag) => {
      const remedy = didYouMean(flag, verb.flags, '--');
      return problem('FD7002', `lab ${name} has no flag --${flag}`, remedy ? { remedy } : {});
    }),
    ...spare.map((word) => problem('FD7004', `lab ${name} takes ${takes}, found "${word}"`)),
  ];
}
