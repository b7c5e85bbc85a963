/** The load balancer does not do what it should, or somebody does it in its stead. */
import { between, type Case, exercising, faultHit, recovering } from '../case.ts';
import { NAMELESS_FLEET } from '../quickened.ts';

const runbook = 'scenario-b';

export const balancer: Case[] = [
  {
    name: 'pop-keeps-sending',
    runbook,
    moments: between(exercising, recovering, 'pop-stuck', 'icn'),
    expect: { verdict: 'failed', restored: 'fully', says: /has not removed it: .*routed by aks1/ },
  },
  {
    name: 'origin-nameless',
    runbook,
    moments: between(faultHit, recovering, 'origin-no-identity', 'aks1'),
    expect: { verdict: 'passed', restored: 'fully', movedBy: 'karmada' },
  },
  {
    name: 'origin-nameless-pop-keeps-sending',
    runbook,
    moments: [
      [exercising, (site) => site.fault('pop-stuck', 'icn')],
      ...between(faultHit, recovering, 'origin-no-identity', 'aks1'),
    ],
    expect: { verdict: 'failed', restored: 'fully', says: /nobody can be named/ },
  },
  {
    name: 'probes-fail-before-the-run',
    runbook,
    before: (site) => site.fault('pop-probes-fail', '*'),
    expect: { verdict: 'failed', restored: 'fully', says: /has not removed it/ },
  },
  {
    name: 'probes-fail-before-the-fault',
    runbook,
    moments: between(exercising, recovering, 'pop-probes-fail', '*'),
    expect: { verdict: 'failed', restored: 'fully', says: /has not removed it/ },
  },
  {
    name: 'nobody-is-recognised',
    runbook,
    flags: ['--fleet', NAMELESS_FLEET],
    expect: { verdict: 'broken', restored: 'fully', says: /x-nobody|routed by nobody/ },
  },
  {
    name: 'second-origin-dies',
    runbook,
    moments: between(faultHit, recovering, 'origin-503', 'aks2'),
    expect: { verdict: 'failed', restored: 'fully', says: /k3s served .* by its weight/ },
  },
  {
    name: 'person-disables-the-origin',
    runbook,
    moments: [
      [faultHit, (site) => site.frontDoor('originGroups/members/origins/aks1', { enabledState: 'Disabled' })],
      [
        recovering,
        (site) => site.frontDoor('originGroups/members/origins/aks1', { enabledState: 'Enabled' }),
      ],
    ],
    expect: { verdict: 'inconclusive', restored: 'fully', says: /load balancer by hand/ },
  },
  {
    name: 'person-shifts-a-weight',
    runbook,
    moments: [[faultHit, (site) => site.frontDoor('originGroups/members/origins/k3s', { weight: 200 })]],
    leaves: /front-door .*origins\/k3s/,
    expect: { verdict: 'failed', restored: 'fully', says: /served .* by its weight/ },
  },
];
