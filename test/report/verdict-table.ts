/** The verdict table: one row for every way a run can end, and the verdict it must get. */
import type { Json } from '../../dsl/plan.ts';
import type { Journal } from '../../report/journal.ts';
import type { CauseKind } from '../../report/verdict/cause.ts';
import type { VerdictName } from '../../workflows/protocol.ts';
import {
  at,
  fail,
  failure,
  faultlessJournal,
  faultStep,
  good,
  passedJournal,
  type Spoil,
  spoiled,
  spreadSeen,
  usersSaw,
  verb,
  verbOf,
} from './build.ts';

export interface VerdictRow {
  name: string;
  journal: () => Journal;
  verdict: VerdictName;
  /** Among the causes must be these. */
  causes: CauseKind[];
  exitCode?: number;
  says?: RegExp;
}

type Rest = Pick<VerdictRow, 'exitCode' | 'says'>;

const row = (
  name: string,
  verdict: VerdictName,
  causes: CauseKind[],
  spoil: Spoil,
  rest: Rest = {},
): VerdictRow => ({
  name,
  journal: () => spoiled(spoil),
  verdict,
  causes,
  ...rest,
});

const nothing = () => undefined;
const word = (update: string, seconds: number, payload: Record<string, string | boolean>) => ({
  atMs: at(seconds),
  update,
  by: 'mina',
  payload: { by: 'mina', ...payload },
});
const steadily = [good('aks1', 16), good('aks2', 17), good('k3s', 17)];
const hurting = [
  good('aks2', 17),
  good('k3s', 17),
  { routed: 'aks1', served: '', class: 'http-5xx' as const, count: 16 },
];
/** Users hurt from the fault at 20 s until `until`. */
const hurtUntil = (until: number) => (second: number) =>
  second >= 20 && second < until ? hurting : steadily;

/** The exercise lasts until `seconds`; everything after moves with it. */
function longer(journal: Journal, seconds: number): void {
  const by = (seconds - 45) * 1000;
  journal.sections.restore = at(seconds);
  journal.endedMs = (journal.endedMs ?? 0) + by;
  for (const verb of journal.steps.flatMap((step) => step.verbs))
    if (verb.scheduledMs >= at(44)) {
      verb.scheduledMs += by;
      verb.startedMs = verb.scheduledMs;
      verb.endedMs = (verb.endedMs ?? 0) + by;
    }
}

const stays = spreadSeen([
  [23.5, { aks1: 5, aks2: 3, k3s: 1 }, { aks1: 0, aks2: 3, k3s: 1 }],
  [31, { aks1: 5, aks2: 3, k3s: 1 }, { aks1: 0, aks2: 3, k3s: 1 }],
]);

const passing: VerdictRow[] = [
  row('everything as it should be', 'passed', [], nothing, { exitCode: 0 }),
  {
    name: 'a drill without a fault passes on its steps',
    journal: faultlessJournal,
    verdict: 'passed',
    causes: [],
    exitCode: 0,
  },
  row(
    'passed, but something was left',
    'passed',
    [],
    (journal) => {
      const left = {
        what: 'aks1 node aks1-0 spec.unschedulable',
        before: false,
        now: true,
        reason: 'changed since',
        remedy: 'kubectl --context aks1 uncordon aks1-0',
      };
      verbOf(journal, 'steps.fault', 'compare').result = { left: [left] };
    },
    { exitCode: 5 },
  ),
  row(
    'passed, but nothing was put back',
    'passed',
    [],
    (journal) => {
      const fault = journal.steps[1]!;
      fault.verbs = fault.verbs.filter(({ verb }) => verb !== 'undo' && verb !== 'compare');
    },
    { exitCode: 5 },
  ),
  row('an optional step was skipped by a person', 'passed', [], (journal) => {
    fail(journal, 'steps.rescheduled', 'look', 'deviated');
    journal.interventions.push(word('skip', 33, { step: 'steps.rescheduled' }));
    const node = journal.plan.sections.steps[2]!;
    if (node.type === 'step') node.optional = true;
  }),
  row('a step failed and succeeded when a person had it tried again', 'passed', [], (journal) => {
    const look = structuredClone(verbOf(journal, 'steps.rescheduled', 'look'));
    fail(journal, 'steps.rescheduled', 'look', 'deviated');
    journal.interventions.push(word('retry', 33, { step: 'steps.rescheduled' }));
    journal.steps[2]!.verbs.push({ ...look, n: 2, scheduledMs: at(33), endedMs: at(35) });
  }),
  row('a gap of two seconds is tolerated', 'passed', [], (journal) => {
    journal.traffic[0]!.gaps.push({ fromMs: at(24), untilMs: at(26), why: 'lost' });
  }),
  row('a pause before the fault', 'passed', [], (journal) => {
    journal.interventions.push(word('pause', 10, {}), word('resume', 12, {}));
  }),
];

const brokenRows: VerdictRow[] = [
  row(
    'preflight found an error',
    'broken',
    ['preflight'],
    (journal) => {
      journal.findings.push({
        severity: 'error',
        code: 'FD2101',
        where: 'aks2',
        what: 'its API refuses the token',
        remedy: 'Renew it',
      });
    },
    { exitCode: 4, says: /aks2: its API refuses/ },
  ),
  row(
    'the fleet is locked by another run',
    'broken',
    ['fleet-busy'],
    (journal) => {
      journal.lock = { state: 'busy', where: 'lease firedrill' };
      journal.findings.push({
        severity: 'error',
        code: 'FD6020',
        where: 'lease',
        what: 'held by nightly-1',
        remedy: 'firedrill attach nightly-1',
      });
    },
    { says: /held by nightly-1/ },
  ),
  row('the steady state did not hold before the fault', 'broken', ['steady-state'], (journal) =>
    fail(journal, 'verify.steady', 'look', 'deviated'),
  ),
  row('an API refused', 'broken', ['refused'], (journal) => fail(journal, 'steps.fault', 'act', 'refused')),
  row('a guard forbade the act', 'broken', ['refused'], (journal) =>
    fail(journal, 'steps.fault', 'guard', 'refused'),
  ),
  row('a transient failure outlasted its retries', 'broken', ['transient'], (journal) =>
    fail(journal, 'steps.rescheduled', 'look', 'transient'),
  ),
  row('the drill could not do what it must', 'broken', ['broken'], (journal) =>
    fail(journal, 'steps.fault', 'act', 'broken'),
  ),
  row('a bug of ours', 'broken', ['bug'], (journal) =>
    fail(journal, 'steps.rescheduled', 'look', 'TypeError'),
  ),
  row(
    'the fault did not bite',
    'broken',
    ['no-effect'],
    (journal) => {
      journal.steps[1]!.verbs = journal.steps[1]!.verbs.filter(({ verb, n }) => verb !== 'probe' || n === 1);
      verbOf(journal, 'steps.fault', 'probe').result = { bitten: false, evidence: '5 endpoints are ready' };
    },
    { says: /5 endpoints are ready/ },
  ),
  row(
    "the fault's effect was lost before recovery",
    'broken',
    ['effect-lost'],
    (journal) => {
      verbOf(journal, 'steps.fault', 'probe', 2).result = {
        bitten: false,
        evidence: 'aks1-0 was uncordoned',
      };
    },
    { says: /aks1-0 was uncordoned/ },
  ),
  row('nothing shows that the fault bit', 'broken', ['effect-unproven'], (journal) => {
    journal.steps[1]!.verbs = journal.steps[1]!.verbs.filter(({ verb }) => verb !== 'probe');
  }),
  row(
    'terminated in mid-exercise',
    'broken',
    ['terminated'],
    (journal) => {
      journal.ended = 'terminated';
    },
    { exitCode: 4 },
  ),
  row('the workflow itself failed', 'broken', ['crashed'], (journal) => {
    journal.ended = 'failed';
  }),
  row('the workflow timed out', 'broken', ['crashed'], (journal) => {
    journal.ended = 'timed-out';
  }),
  row('a run that only finishes the undo of another', 'broken', ['restore'], (journal) => {
    journal.restores = 'scenario-b-1';
  }),
];

const abortedRows: VerdictRow[] = [
  row(
    'aborted by a person',
    'aborted',
    ['aborted'],
    (journal) => {
      journal.interventions.push(word('abort', 25, { reason: 'customers call' }));
    },
    { exitCode: 3, says: /customers call/ },
  ),
  row('aborted in mid-fault, before its effect could be shown', 'aborted', ['aborted'], (journal) => {
    journal.steps[1]!.verbs = journal.steps[1]!.verbs.filter(({ verb }) => verb !== 'probe');
    journal.interventions.push(word('abort', 25, { reason: 'Ctrl-C' }));
  }),
  row('an approval was refused', 'aborted', ['disapproved'], (journal) => {
    journal.interventions.push(word('approve', 18, { step: 'steps.fault', approved: false }));
  }),
  row('nobody approved in time', 'aborted', ['expired'], (journal) => {
    journal.records.push({ record: 'expired', path: 'steps.fault', what: 'approval', atMs: at(19) });
  }),
  row('nobody answered for a failed step in time', 'aborted', ['expired'], (journal) => {
    fail(journal, 'steps.rescheduled', 'look', 'deviated');
    journal.records.push({ record: 'expired', path: 'steps.rescheduled', what: 'answer', atMs: at(40) });
  }),
];

const failedRows: VerdictRow[] = [
  row(
    'a step deviated',
    'failed',
    ['deviated'],
    (journal) => fail(journal, 'steps.rescheduled', 'look', 'deviated'),
    { exitCode: 1 },
  ),
  row(
    'the steady state did not come back after recovery',
    'failed',
    ['deviated'],
    (journal) => {
      journal.steps.push({
        path: 'final.verify.steady',
        title: 'Steady state',
        uses: 'karmada/await-spread',
        verbs: [verb('look', 66, 67)],
      });
      fail(journal, 'final.verify.steady', 'look', 'deviated');
    },
    { says: /After recovery/ },
  ),
  row(
    'nothing moved',
    'failed',
    ['deviated', 'nothing-moved'],
    (journal) => {
      fail(journal, 'steps.rescheduled', 'look', 'deviated', 'Karmada has 5/3/1; 5 Pending');
      verbOf(journal, 'steps.rescheduled', 'look').failure!.evidence = stays;
    },
    { says: /Nothing moved: the spread stayed aks1 5, aks2 3, k3s 1/ },
  ),
  row('an assert does not hold', 'failed', ['assert'], (journal) => {
    const assert = journal.records.find((record) => record.record === 'assert');
    if (assert?.record === 'assert') assert.holds = false;
  }),
  row('a step failed and was told to continue', 'failed', ['continued'], (journal) => {
    fail(journal, 'steps.rescheduled', 'look', 'refused');
    journal.plan.sections.steps[2]!.onFailure = 'continue';
  }),
  row(
    'users were without service for longer than the objective',
    'failed',
    ['rto'],
    (journal) => {
      longer(journal, 110);
      journal.plan.objective!.rtoMs = 30_000;
      usersSaw(journal, hurtUntil(55));
    },
    { says: /35\.0 s; the objective allows 30 s/ },
  ),
  row('too few requests succeeded', 'failed', ['availability'], (journal) => {
    journal.plan.objective = { rtoMs: 20_000, availability: 0.95, settleMs: 10_000 };
  }),
  row('an outage that came back after a settle', 'failed', ['rto'], (journal) => {
    longer(journal, 70);
    journal.plan.objective!.rtoMs = 20_000;
    usersSaw(journal, (second) =>
      (second >= 20 && second < 25) || (second >= 50 && second < 53) ? hurting : steadily,
    );
  }),
  row('the way back took users down for too long', 'failed', ['recover-rto'], (journal) => {
    journal.plan.objective!.recover = { rtoMs: 5_000 };
    usersSaw(journal, (second) =>
      (second >= 20 && second < 33) || (second >= 46 && second < 54) ? hurting : steadily,
    );
  }),
  row('the way back lost too many requests', 'failed', ['recover-availability'], (journal) => {
    journal.plan.objective!.recover = { availability: 0.999 };
    usersSaw(journal, (second) =>
      (second >= 20 && second < 33) || (second >= 46 && second < 48) ? hurting : steadily,
    );
  }),
  {
    name: 'a step deviated in a drill without a fault',
    journal: () =>
      spoiled((journal) => fail(journal, 'verify.steady', 'look', 'deviated'), faultlessJournal()),
    verdict: 'failed',
    causes: ['deviated'],
  },
];

const inconclusiveRows: VerdictRow[] = [
  row(
    'a step could not be judged',
    'inconclusive',
    ['unjudged'],
    (journal) => fail(journal, 'steps.rescheduled', 'look', 'unjudged'),
    { exitCode: 2 },
  ),
  row('a step that was told to continue could not be judged', 'inconclusive', ['unjudged'], (journal) => {
    fail(journal, 'steps.rescheduled', 'look', 'unjudged');
    journal.plan.sections.steps[2]!.onFailure = 'continue';
  }),
  row('a wait timed out while no worker ran', 'inconclusive', ['unworked'], (journal) => {
    const look = verbOf(journal, 'steps.rescheduled', 'look');
    delete look.result;
    Object.assign(look, failure('unjudged', 'no worker finished it in time', { code: 'FD6001' }), {
      unworked: true,
    });
  }),
  row('an assert over too few requests', 'inconclusive', ['assert-unjudged'], (journal) => {
    const assert = journal.records.find((record) => record.record === 'assert');
    if (assert?.record === 'assert') Object.assign(assert, { holds: false, unjudged: 'only 40 requests' });
  }),
  row('nobody saw what clients got for more than two seconds', 'inconclusive', ['gap'], (journal) => {
    journal.traffic[0]!.gaps.push({ fromMs: at(24), untilMs: at(26.5), why: 'its generator was lost' });
  }),
  row('the background traffic died', 'inconclusive', ['gap', 'objective-unjudged'], (journal) => {
    const stream = journal.traffic[0]!;
    stream.slices = stream.slices.filter((slice) => slice.untilMs <= at(25));
    stream.gaps = [{ fromMs: at(25), untilMs: at(45), why: 'three slices were lost' }];
  }),
  row(
    'the generator was starved',
    'inconclusive',
    ['dishonest'],
    (journal) => {
      usersSaw(journal, hurtUntil(33), { sendLagP99Ms: 900 });
    },
    { says: /measured itself/ },
  ),
  row('a starved generator cannot fail a drill either', 'inconclusive', ['dishonest'], (journal) => {
    journal.plan.objective = { rtoMs: 5_000, settleMs: 10_000 };
    usersSaw(journal, hurtUntil(33), { eventLoopLagMaxMs: 4_000 });
  }),
  row('the positive control was not seen', 'inconclusive', ['controls'], (journal) => {
    journal.controls!.positive.seen = false;
  }),
  row('the negative control was not seen', 'inconclusive', ['controls'], (journal) => {
    journal.controls!.negative.seen = false;
  }),
  row('the controls were never shown', 'inconclusive', ['controls'], (journal) => {
    delete journal.controls;
  }),
  row('fewer than 100 requests', 'inconclusive', ['objective-unjudged'], (journal) =>
    usersSaw(journal, () => [good('aks2', 1)]),
  ),
  row('no users at all', 'inconclusive', ['objective-unjudged'], (journal) => {
    journal.traffic = [];
  }),
  row(
    'users were not seen to be healthy before the way back',
    'inconclusive',
    ['objective-unjudged'],
    (journal) => usersSaw(journal, hurtUntil(44)),
  ),
  row(
    'the objective lies inside the uncertainty of the second',
    'inconclusive',
    ['objective-unjudged'],
    (journal) => {
      journal.plan.objective = { rtoMs: 12_500, settleMs: 10_000 };
    },
  ),
  row(
    'the objective lies inside the disagreement of two clocks',
    'inconclusive',
    ['objective-unjudged'],
    (journal) => {
      journal.plan.objective = { rtoMs: 14_000, settleMs: 10_000 };
      for (const one of journal.steps[1]!.verbs) one.scheduledMs = Math.max(one.scheduledMs, at(22));
    },
  ),
  row('a failed step was skipped by a person', 'inconclusive', ['skipped'], (journal) => {
    fail(journal, 'steps.rescheduled', 'look', 'deviated');
    journal.interventions.push(word('skip', 33, { step: 'steps.rescheduled' }));
  }),
  row('a pause between fault and healthy users', 'inconclusive', ['paused'], (journal) => {
    journal.interventions.push(word('pause', 24, {}), word('resume', 26, {}));
  }),
  row(
    'failover took a survivor down as well',
    'failed',
    ['cascade'],
    (journal) => {
      const watched = verbOf(journal, 'steps.rescheduled', 'look');
      const { movedBy } = watched.result as { movedBy: object };
      const steady = { aks1: 5, aks2: 3, k3s: 1 };
      const points = spreadSeen([
        [23.5, steady, steady],
        [31, { k3s: 9 }, { aks1: 0, aks2: 0, k3s: 9 }],
      ]);
      watched.result = { ...(points as object), movedBy } as Json;
    },
    { says: /took aks2 down as well: it was not lost, had 3 replicas/ },
  ),
  row(
    'somebody moved the replicas by hand',
    'inconclusive',
    ['meddled'],
    (journal) => {
      const watched = verbOf(journal, 'steps.rescheduled', 'look').result as { movedBy: object };
      watched.movedBy = { how: 'placement-edit', by: 'person', evidence: 'the placement changed' };
    },
    { says: /by hand/ },
  ),
  row(
    'somebody took the victim out of the load balancer by hand',
    'inconclusive',
    ['meddled'],
    (journal) => {
      const watched = verbOf(journal, 'steps.rescheduled', 'look').result as { by?: string };
      watched.by = 'configuration';
    },
    { says: /load balancer by hand/ },
  ),
  row("the runbook's own undo failed on the way back", 'inconclusive', ['way-back'], (journal) => {
    const place = { file: 'b.yaml', line: 1, column: 1 };
    journal.plan.sections.recover = [
      {
        type: 'undo',
        path: 'recover.1',
        scope: '',
        title: 'Nodes back',
        at: place,
        onFailure: 'stop',
        askWithinMs: 0,
        target: 'steps.fault',
        timeoutMs: 1,
      },
    ];
    journal.records.push({
      record: 'error',
      path: 'recover.1',
      code: 'FD6005',
      what: 'could not be undone',
      remedy: '',
      failure: 'refused',
      atMs: at(46),
    });
  }),
  row('the journal breaks off', 'inconclusive', ['unfinished'], (journal) => {
    delete journal.sections.restore;
    delete journal.ended;
  }),
  row(
    'a step of which there is no word',
    'inconclusive',
    ['unfinished'],
    (journal) => {
      journal.steps = journal.steps.filter(({ path }) => path !== 'steps.rescheduled');
    },
    { says: /no word of “Replicas move”/ },
  ),
  {
    name: 'the fault was never injected',
    journal: () =>
      spoiled((journal) => {
        const condition = { cel: 'false', at: { file: 'b.yaml', line: 1, column: 1 }, windows: [] };
        journal.plan.sections.steps = [faultStep('steps.fault', { if: condition })];
      }, faultlessJournal()),
    verdict: 'inconclusive',
    causes: ['unfinished'],
  },
];

const together: VerdictRow[] = [
  {
    name: 'broken is worse than aborted, aborted than failed, failed than inconclusive, whatever came first',
    journal: () =>
      spoiled((journal) => {
        journal.controls!.positive.seen = false;
        journal.interventions.push(word('abort', 26, { reason: 'enough' }));
        fail(journal, 'steps.rescheduled', 'look', 'deviated');
        verbOf(journal, 'steps.fault', 'probe', 2).result = { bitten: false, evidence: 'gone' };
      }, passedJournal()),
    verdict: 'broken',
    causes: ['controls', 'aborted', 'deviated', 'effect-lost'],
  },
];

export const rows: VerdictRow[] = [
  ...passing,
  ...brokenRows,
  ...abortedRows,
  ...failedRows,
  ...inconclusiveRows,
  ...together,
];
