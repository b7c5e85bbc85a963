/** Drills that nobody sabotages: those that must pass do, and those that must fail say why. */
import type { Journal } from '../../../report/journal.ts';
import type { Case } from '../case.ts';

/** Another mover wants another policy, and that one stays. */
const policy = /propagationpolicies demo\/hello|resourcebindings demo\/hello|works .*\/hello/;
/** The rebalancers for the other tenants go by themselves, after their time to live. */
const policyAndRebalancers = new RegExp(`${policy.source}|workloadrebalancers /firedrill-`);
const classic = /front-door|frontDoors/;

export const unharmed: Case[] = [
  {
    name: 'scenario-b',
    runbook: 'scenario-b',
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'karmada' },
  },
  ...(['taint', 'placement', 'surge'] as const).map(
    (mover): Case => ({
      name: `mover-${mover}`,
      runbook: 'scenario-b',
      flags: ['--mover', mover],
      leaves: policyAndRebalancers,
      expect: { verdict: 'passed', restored: 'fully', movedBy: 'drill' },
    }),
  ),
  {
    name: 'mover-none',
    runbook: 'scenario-b',
    flags: ['--mover', 'none'],
    expect: {
      verdict: 'failed',
      restored: 'fully',
      movedBy: 'nobody',
      says: /Nothing moved: .* has no application failover/,
    },
  },
  {
    name: 'scenario-a-classic',
    runbook: 'scenario-a',
    flags: ['--fleet', 'lab-classic', '--length', '5s'],
    leaves: classic,
    expect: { verdict: 'passed', restored: 'fully' },
  },
  {
    name: 'scenario-b-classic',
    runbook: 'scenario-b',
    flags: ['--fleet', 'lab-classic'],
    leaves: classic,
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'karmada' },
  },
  {
    name: 'planned-evacuation',
    runbook: 'planned-evacuation',
    leaves: policy,
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'drill', shows: nothingLost },
  },
  {
    name: 'cascade',
    runbook: 'cascade',
    expect: { verdict: 'failed', restored: 'fully', says: /Failover took aks2 down as well/ },
  },
  {
    name: 'nightly',
    runbook: 'nightly',
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'karmada' },
  },
];

/** There and back: every request was answered, and nine pods were ready throughout. */
function nothingLost({ traffic, steps }: Journal): string | undefined {
  const rows = traffic.flatMap(({ slices }) =>
    slices.flatMap(({ seconds }) => seconds.flatMap((one) => one.rows)),
  );
  const failed = rows.filter((row) => row.class !== 'ok').reduce((sum, { count }) => sum + count, 0);
  if (failed > 0) return `${failed} requests failed`;
  const least = steps
    .filter(({ path }) => /^(steps|recover)\./.test(path))
    .flatMap(({ verbs }) => verbs)
    .map(leastReady)
    .filter((ready) => ready !== undefined);
  const worst = Math.min(...least);
  return least.length > 0 && worst >= 9 ? undefined : `at some time ${worst} pods were ready`;
}

function leastReady({ result }: Journal['steps'][number]['verbs'][number]): number | undefined {
  const output = (result as { output?: { leastReady?: number } } | null | undefined)?.output ?? result;
  return (output as { leastReady?: number } | null | undefined)?.leastReady;
}
