/** What the report says of losses that are no drain, and of tenants that were none of the drill's business. */
import { expect, it } from '@jest/globals';
import type { Json } from '../../dsl/plan.ts';
import type { Journal } from '../../report/journal.ts';
import { pageOf } from '../../report/page.ts';
import { tenantLosses } from '../../report/tenants.ts';
import { summaryOf } from '../../report/terminal.ts';
import { judge } from '../../report/verdict.ts';
import { at, entry, good, passedJournal, spoiled, step, usersSaw, verb } from './build.ts';

const looked = (path: string, uses: string, from: number, until: number, result: Json) =>
  spoiled((journal: Journal) => {
    const node = step(path, uses);
    journal.plan.sections[path.startsWith('verify') ? 'verify' : 'steps'].push(node);
    journal.steps.push(entry(node, [verb('look', from, until, { result })]));
  });

const notReady = (series: { atMs: number; ready: string[] }[]): Json => ({
  series,
  noticed: [
    { cluster: 'aks1', ready: false, why: 'ClusterNotReachable: cluster is not reachable', atMs: at(25) },
  ],
});

it('says when the federation noticed: by what was watched, else by its own clock', () => {
  const watched = notReady([
    { atMs: at(21), ready: ['aks1', 'aks2'] },
    { atMs: at(25.4), ready: ['aks2'] },
  ]);
  const late = notReady([{ atMs: at(40), ready: ['aks2'] }]);
  const noticed = (result: Json) =>
    judge(looked('steps.noticed', 'karmada/await-clusters', 21, 41, result)).milestones.find(
      ({ name }) => name === 'noticed',
    );
  expect(noticed(watched)).toMatchObject({ atMs: at(25.4), afterMs: 5_400 });
  expect(noticed(late)).toMatchObject({ atMs: at(25), afterMs: 5_000 });
  expect(noticed(watched)?.evidence).toContain('aks1 not Ready (ClusterNotReachable');
});

it('names of clusters in a series are no replicas', () => {
  const journal = looked(
    'steps.noticed',
    'karmada/await-clusters',
    21,
    41,
    notReady([{ atMs: at(21), ready: ['aks2'] }]),
  );
  expect(judge(journal).moved).toEqual(judge(passedJournal()).moved);
});

it('a victim that was served until the way back was never left', () => {
  const journal = passedJournal();
  for (const { slices } of journal.traffic)
    for (const slice of slices) slice.lastRoutedMs = { aks1: Math.min(slice.untilMs, at(44.9)) };
  expect(judge(journal).milestones.map(({ name }) => name)).not.toContain('rerouted');
  const left = spoiled((spoilt) =>
    usersSaw(spoilt, (second) => (second < 33 ? [good('aks1', 16), good('aks2', 34)] : [good('aks2', 50)])),
  );
  expect(judge(left).milestones.map(({ name }) => name)).toContain('rerouted');
});

const billing = (spread: Record<string, number>) => [
  { workload: 'billing/invoices', wanted: 4, ready: 4, least: 2, spread },
];

function shared(after: Record<string, number>): Journal {
  return spoiled((journal) => {
    const add = (path: string, from: number, until: number, result: object) => {
      const node = step(path, 'karmada/watch-tenants');
      journal.steps.push(entry(node, [verb('look', from, until, { result: result as Json })]));
    };
    add('verify.whole', 2, 3, {
      tenants: billing({ aks1: 2, aks2: 2 }),
      series: [{ atMs: at(2.5), missing: {} }],
    });
    add('steps.others', 23, 40, {
      tenants: billing({ aks1: 2, aks2: 2 }),
      series: [{ atMs: at(23.5), missing: { 'billing/invoices': 2 } }],
    });
    add('recover.whole', 46, 50, {
      tenants: billing(after),
      series: [
        { atMs: at(46), missing: { 'billing/invoices': 2 } },
        { atMs: at(49.5), missing: {} },
      ],
    });
  });
}

it('counts another tenant over all looks: how many of whom, for how long, and where it is now', () => {
  expect(tenantLosses(shared({ aks1: 2, aks2: 2 }))).toEqual([
    {
      workload: 'billing/invoices',
      wanted: 4,
      missing: 2,
      downMs: 26_000,
      whole: true,
      before: { aks1: 2, aks2: 2 },
      after: { aks1: 2, aks2: 2 },
    },
  ]);
  const stayed = summaryOf(shared({ aks1: 2, aks2: 2 }), { colour: false }).replace(/\s+/g, ' ');
  expect(stayed).toContain(
    'billing/invoices: 2 of 4 replicas missing, for 26 s; where it was, aks1 2, aks2 2',
  );
  const moved = summaryOf(shared({ aks2: 4 }), { colour: false }).replace(/\s+/g, ' ');
  expect(moved).toContain('moved from aks1 2, aks2 2 to aks2 4');
  expect(pageOf(shared({ aks2: 4 }))).toContain('Other tenants');
  expect(pageOf(passedJournal())).not.toContain('Other tenants');
});
