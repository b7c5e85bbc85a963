/** APIs that fail for a while, which a drill must ride out, and a generator that cannot be trusted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type Case, drained, exercising, faultHit, recovering } from '../case.ts';
import type { Site } from '../site.ts';

const runbook = 'scenario-b';
const ridden: Case['expect'] = { verdict: 'passed', restored: 'fully', movedBy: 'karmada' };

const forSeconds =
  (seconds: number, kind: string, target: string, options: object = {}) =>
  async (site: Site) => {
    const mend = await site.fault(kind, target, options);
    await sleep(seconds * 1000);
    await mend();
  };

export const weather: Case[] = [
  {
    name: 'apis-throttle',
    runbook,
    moments: [[exercising, forSeconds(8, 'api-429', '*')]],
    expect: ridden,
  },
  {
    name: 'federation-errs',
    runbook,
    moments: [[drained, forSeconds(4, 'api-500', 'federation')]],
    expect: ridden,
  },
  {
    name: 'apis-slow',
    runbook,
    moments: between(exercising, recovering, 'api-slow', '*', { delayMs: 300 }),
    expect: ridden,
  },
  {
    name: 'victim-api-errs-on-the-way-back',
    runbook,
    moments: [[recovering, forSeconds(15, 'api-500', 'aks1')]],
    expect: ridden,
  },
  {
    name: 'generator-stands-still',
    runbook,
    moments: [[faultHit, (site) => site.starveTraffic(4000, 1000, 1)]],
    expect: { verdict: 'inconclusive', restored: 'fully', says: /generator/ },
  },
  {
    name: 'generator-starved',
    runbook,
    moments: [[faultHit, (site) => site.starveTraffic(350, 150, 20)]],
    expect: { verdict: 'inconclusive', restored: 'fully', says: /generator/ },
  },
];
