/** `lab run`, `up`, `down`. */
import { foreground } from '../foreground.ts';
import { cannot, exitCodes, problem } from '../problem.ts';
import { keeper } from '../processes/definitions.ts';
import { ensure } from '../processes/ensure.ts';
import { labs } from '../processes/labs.ts';
import { livingRecord } from '../processes/record.ts';
import { stopOne } from '../processes/stop-all.ts';
import { meantTier, namedTier } from './tier.ts';
import type { Verb } from './verb.ts';

export const run: Verb = {
  most: 0,
  flags: ['tier'],
  async run(call) {
    const tier = namedTier(call) ?? 'sandbox';
    const { name } = labs[tier];
    if (livingRecord(name) !== undefined)
      throw cannot(
        problem('FD7011', `the ${name} of this checkout is running already, in the background`, {
          remedy: `Use it, or stop it first: npx firedrill lab down --tier ${tier}.`,
        }),
      );
    const { command: words, env } = await labs[tier].prepare(call.out.say);
    return await foreground(words, env);
  },
};

export const up: Verb = {
  most: 0,
  flags: ['tier'],
  async run(call) {
    const lab = labs[namedTier(call) ?? 'sandbox'];
    await lab.possible?.();
    const record = await ensure(lab, call.out.say);
    await ensure(keeper, call.out.say);
    if (call.out.json) call.out.data(record);
    else call.out.print(`the ${lab.name} is up (pid ${record.pid}, log ${record.log})`);
    return exitCodes.passed;
  },
};

export const down: Verb = {
  most: 0,
  flags: ['tier'],
  async run(call) {
    const { name } = labs[await meantTier(call)];
    const running = livingRecord(name) !== undefined;
    const left = await stopOne(name);
    if (call.out.json) call.out.data({ stopped: running, left });
    else {
      call.out.print(running ? `the ${name} is down` : `the ${name} was not running`);
      if (left.length > 0) call.out.print(`ended what a killed one had left: ${left.join(', ')}`);
    }
    return exitCodes.passed;
  },
};
