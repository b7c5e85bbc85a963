/** A pull-mode member joins itself: its own agent registers from inside. All a drill can do is look. */
import type { Fleet } from '../../dsl/fleet.ts';
import { type FailureDetails, refused } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { Cluster } from '../ports/federation.ts';

/** Whether Karmada is to be told to reach this member, or its own agent comes for its work. */
export const isPull = (fleet: Fleet, name: string): boolean => fleet.members[name]?.mode === 'pull';

/** What is wrong with it; undefined when it is registered as it should be. */
export function registration(
  name: string,
  cluster: Cluster | undefined,
  { tier }: Fleet,
): FailureDetails | undefined {
  if (cluster === undefined)
    return {
      code: 'FD3331',
      where: name,
      what: 'it has not registered with the federation, and a pull-mode member can do that only itself',
      remedy:
        tier === 'sandbox'
          ? `Start a fresh lab whose ${name} has an agent: FIREDRILL_LAB_PULL=${name} npx firedrill lab up`
          : `Against the federation: karmadactl token create --print-register-command; then run what it prints inside ${name}, with --cluster-name ${name}`,
    };
  if (cluster.syncMode === 'Pull') return undefined;
  return {
    code: 'FD3332',
    where: name,
    what: `the fleet file says mode: pull, and the federation has it in ${cluster.syncMode} mode`,
    remedy: `Correct \`mode\`, or karmadactl unjoin ${name} and then karmadactl register inside it`,
  };
}

/** Throws unless it is registered as it should be. */
export async function requireRegistered(name: string, context: StepContext): Promise<void> {
  const clusters = await context.ports.federation().clusters(context.signal);
  const wrong = registration(
    name,
    clusters.find((one) => one.name === name),
    context.fleet,
  );
  if (wrong) throw refused(wrong);
}
