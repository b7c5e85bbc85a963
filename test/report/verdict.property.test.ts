import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { causeKinds, severityOf } from '../../report/verdict/cause.ts';
import { judge } from '../../report/verdict.ts';
import { at, fail, good, passedJournal, type Spoil, slicesOf, verbOf } from './build.ts';

const word = (update: string, seconds: number, payload: object) => ({
  atMs: at(seconds),
  update,
  by: 'x',
  payload: { by: 'x', ...payload } as never,
});
const paths = ['verify.steady', 'steps.rescheduled'];

/** Something bad that is added to a journal and takes nothing out of it. */
const badEvent: fc.Arbitrary<Spoil> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...paths),
      fc.constantFrom('deviated', 'refused', 'transient', 'broken', 'unjudged', 'bug'),
      fc.nat(60),
    )
    .map(
      ([path, failure, seconds]): Spoil =>
        (journal) => {
          journal.records.push({
            record: 'error',
            path,
            code: 'FD3301',
            what: 'it did not',
            remedy: '',
            failure,
            atMs: at(seconds),
          });
        },
    ),
  fc.nat(60).map(
    (seconds): Spoil =>
      (journal) =>
        journal.interventions.push(word('abort', seconds, { reason: 'r' })),
  ),
  fc.nat(60).map(
    (seconds): Spoil =>
      (journal) =>
        journal.interventions.push(word('approve', seconds, { step: 'steps.fault', approved: false })),
  ),
  fc.integer({ min: 21, max: 30 }).map(
    (seconds): Spoil =>
      (journal) =>
        journal.interventions.push(word('pause', seconds, {})),
  ),
  fc.boolean().map(
    (holds): Spoil =>
      (journal) => {
        journal.records.push({
          record: 'assert',
          path: 'steps.healthy',
          expression: 'x',
          value: {},
          holds,
          unjudged: 'too few',
          atMs: at(44),
        });
      },
  ),
  fc.constant<Spoil>((journal) => {
    journal.records.push({
      record: 'assert',
      path: 'steps.healthy',
      expression: 'x',
      value: {},
      holds: false,
      atMs: at(44),
    });
  }),
  fc.constant<Spoil>((journal) => {
    verbOf(journal, 'steps.fault', 'probe', 2).result = { bitten: false, evidence: 'gone' };
  }),
  fc.constantFrom('positive' as const, 'negative' as const).map(
    (which): Spoil =>
      (journal) => {
        if (journal.controls !== undefined) journal.controls[which].seen = false;
      },
  ),
  fc.constantFrom('terminated' as const, 'failed' as const, 'timed-out' as const).map(
    (ended): Spoil =>
      (journal) => {
        journal.ended = ended;
      },
  ),
  fc.constant<Spoil>((journal) => {
    journal.findings.push({ severity: 'error', code: 'FD2101', where: 'aks2', what: 'refuses', remedy: '' });
  }),
  // More failed requests in a second that was seen.
  fc.tuple(fc.integer({ min: 20, max: 43 }), fc.integer({ min: 1, max: 400 })).map(
    ([second, count]): Spoil =>
      (journal) => {
        const seen = journal.traffic[0]?.slices
          .flatMap((slice) => slice.seconds)
          .find(({ at: when }) => when * 1000 === at(second));
        seen?.rows.push({ routed: '', served: '', class: 'timeout', count });
      },
  ),
);

/** Evidence taken away: what was not seen can neither pass nor fail. */
const lostSight: fc.Arbitrary<Spoil> = fc.oneof(
  fc.integer({ min: 3, max: 20 }).map(
    (seconds): Spoil =>
      (journal) => {
        for (const slice of journal.traffic[0]?.slices ?? [])
          slice.seconds = slice.seconds.filter(
            (second) => second.at * 1000 < at(21) || second.at * 1000 >= at(21 + seconds),
          );
        journal.traffic[0]?.gaps.push({ fromMs: at(21), untilMs: at(21 + seconds), why: 'lost' });
      },
  ),
  fc.constant<Spoil>((journal) => {
    for (const slice of journal.traffic[0]?.slices ?? []) slice.sendLagP99Ms = 5_000;
  }),
  fc.constant<Spoil>((journal) => {
    journal.traffic = [];
  }),
  fc.constant<Spoil>((journal) => {
    journal.traffic = [{ path: 'steps.users', slices: slicesOf(5, 70, () => [good('aks2', 1)]), gaps: [] }];
  }),
  fc.constantFrom(...paths).map(
    (path): Spoil =>
      (journal) => {
        journal.steps = journal.steps.filter((step) => step.path !== path);
      },
  ),
  fc.constantFrom(...paths).map(
    (path): Spoil =>
      (journal) => {
        delete verbOf(journal, path, 'look').result;
        delete verbOf(journal, path, 'look').endedMs;
      },
  ),
);

function judged(spoils: Spoil[]) {
  const journal = passedJournal();
  for (const spoil of spoils) spoil(journal);
  return judge(journal);
}

describe('whatever goes wrong', () => {
  test('a bad event never makes a verdict better', () => {
    fc.assert(
      fc.property(fc.array(badEvent, { maxLength: 5 }), badEvent, (before, more) => {
        expect(severityOf(judged([...before, more]).verdict)).toBeGreaterThanOrEqual(
          severityOf(judged(before).verdict),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('evidence that is lost never gives a pass', () => {
    fc.assert(
      fc.property(fc.array(badEvent, { maxLength: 3 }), lostSight, (events, lost) => {
        expect(judged([...events, lost]).verdict).not.toBe('passed');
      }),
      { numRuns: 200 },
    );
  });

  test('causes are in order of time, and passed is exactly no cause', () => {
    fc.assert(
      fc.property(fc.array(badEvent, { maxLength: 5 }), (events) => {
        const { verdict, causes } = judged(events);
        const times = causes.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(verdict === 'passed').toBe(causes.length === 0);
        for (const { kind } of causes)
          expect(severityOf(verdict)).toBeGreaterThanOrEqual(severityOf(causeKinds[kind]));
      }),
      { numRuns: 200 },
    );
  });

  test('judging changes nothing, and a second time says the same', () => {
    const journal = passedJournal();
    fail(journal, 'steps.rescheduled', 'look', 'deviated');
    const before = structuredClone(journal);
    expect(judge(journal)).toEqual(judge(journal));
    expect(journal).toEqual(before);
  });
});
