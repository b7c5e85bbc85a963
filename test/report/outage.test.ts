import { describe, expect, test } from '@jest/globals';
import type { Second } from '../../dsl/window.ts';
import { outageOf } from '../../report/outage.ts';
import { judge } from '../../report/verdict.ts';
import { acted, at, entry, good, moverStep, passedJournal, spoiled, T0, usersSaw, verb } from './build.ts';

/** One character a second from T0: `.` all good, `x` all failed, `s` one of fifty failed, ` ` no request. */
function seconds(text: string): Second[] {
  return [...text].flatMap((state, index) => {
    const bad = state === 'x' ? 50 : state === 's' ? 1 : 0;
    const rows = [good('aks2', 50 - bad), { ...good('', bad), class: 'timeout' as const }].filter(
      ({ count }) => count > 0,
    );
    return state === ' ' ? [] : [{ at: T0 / 1000 + index, rows }];
  });
}

const outage = (text: string, gaps: { fromMs: number; untilMs: number }[] = [], faultAt = 5) =>
  outageOf(seconds(text), gaps, { fromMs: at(faultAt), untilMs: at(text.length) }, 5_000);

describe('an outage', () => {
  test.each([
    ['.....xxxx..........', 4_000, 3_000],
    ['...................', 0, 0],
    // A relapse before users were well for the whole settle counts on.
    ['.....xx...x........', 6_000, 5_000],
    // One stray error after that is none; an outage is.
    ['.....xx.......s........', 2_000, 1_000],
    ['.....xx.......x........', 10_000, 9_000],
  ])('%s', (text, atMostMs, atLeastMs) => {
    expect(outage(text)).toMatchObject({ atMostMs, atLeastMs });
  });

  test('is not over before users were seen healthy for the whole settle', () => {
    expect(outage('.....xxxx....')).not.toHaveProperty('atMostMs');
    expect(outage('.....xxxx....')).toMatchObject({ atLeastMs: 3_000 });
  });

  test('lasts for as long as a gap may have hidden it, and at least as long as it was seen', () => {
    const gap = { fromMs: at(7), untilMs: at(11) };
    expect(outage('.....xx    ........', [gap])).toMatchObject({ atLeastMs: 1_000, atMostMs: 6_000 });
    const short = { fromMs: at(7), untilMs: at(8) };
    expect(outage('.....xx ........', [short])).toMatchObject({ atMostMs: 3_000 });
    // Nobody was asked: silence is not health.
    expect(outage('.....xx            ')).not.toHaveProperty('atMostMs');
  });

  test('what fails before the fault as well is not the fault’s', () => {
    expect(outage('sssssssssssssss')).toMatchObject({ atMostMs: 0, tolerated: 0.02 });
  });
});

describe('who moved', () => {
  test('the drill, when a mover had begun before the spread changed', () => {
    const mover = moverStep('steps.evacuate');
    const journal = spoiled((spoilt) => {
      spoilt.plan.sections.steps.push(mover);
      spoilt.steps.push(entry(mover, [verb('act', 25, 28, { result: acted() })]));
    });
    expect(judge(journal)).toMatchObject({ movedBy: 'drill' });
    journal.steps.at(-1)!.verbs[0]!.startedMs = at(35);
    expect(judge(journal)).toMatchObject({ movedBy: 'karmada' });
  });

  test('a person, when the wait saw somebody else’s hand', () => {
    const journal = spoiled((spoilt) => {
      const look = spoilt.steps[2]?.verbs[0]?.result as { movedBy: { by: string } };
      look.movedBy.by = 'person';
    });
    expect(judge(journal).movedBy).toBe('person');
  });

  test('nobody, when no step watched', () => {
    const journal = spoiled((spoilt) => {
      spoilt.steps = spoilt.steps.slice(0, 2);
    });
    expect(judge(journal).movedBy).toBe('nobody');
  });
});

test('an evacuation that no user noticed took no time at all', () => {
  const journal = passedJournal();
  usersSaw(journal, () => [good('aks2', 25), good('k3s', 25)]);
  expect(judge(journal)).toMatchObject({ verdict: 'passed', outage: { atMostMs: 0, failed: 0 } });
});
