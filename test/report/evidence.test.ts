import { describe, expect, test } from '@jest/globals';
import { chainOf, headOf } from '../../report/chain.ts';
import { evidenceOf } from '../../report/evidence.ts';
import { lostOf } from '../../report/lost.ts';
import { summaryOf, widthOf } from '../../report/terminal.ts';
import { judge } from '../../report/verdict.ts';
import { fail, faultlessJournal, passedJournal, spoiled, verbOf } from './build.ts';
import { sampleJournal } from './sample-journal.ts';
import { rows } from './verdict-table.ts';

const pages = () =>
  [sampleJournal(), passedJournal(), faultlessJournal()].map(
    (journal) => evidenceOf(journal).files['report.html'],
  );

describe('the page', () => {
  test('asks nothing of the network and runs no script', () => {
    for (const page of pages()) {
      const asking = /<(script|link|img|iframe|object|embed)\b|\b(src|href|xlink:href)=|@import|url\((?!#)/gi;
      expect(page.match(asking) ?? []).toEqual([]);
    }
  });

  test('is the same bytes for the same journal', () => {
    expect(pages()).toEqual(pages());
  });

  test('has no id twice, and no colour that dark mode would not change', () => {
    for (const page of pages()) {
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(page.includes('#a1b0')).toBe(false);
      const fixed = page.slice(page.indexOf('<main>')).match(/(fill|stroke)="(#|rgb)[^"]*"/g) ?? [];
      // What clips is drawn in black and never seen.
      expect(fixed.filter((colour) => colour !== 'fill="#000"')).toEqual([]);
    }
  });

  test('says what a drawing shows to those who do not see it', () => {
    const [page = ''] = pages();
    expect([...page.matchAll(/role="img" aria-label="[^"]{20,}"/g)].length).toBeGreaterThanOrEqual(6);
    expect(page).toContain('aks1: 5 → 0 → 5');
  });

  test('no text of a run becomes markup', () => {
    const evil = '<script>alert("1")</script> & \'x\' \u0000';
    const journal = spoiled((spoilt) => {
      spoilt.options.requestedBy = evil;
      spoilt.plan.runbook.description = evil;
      spoilt.findings.push({ severity: 'warning', code: 'FD1', where: evil, what: evil, remedy: evil });
      fail(spoilt, 'steps.rescheduled', 'look', 'deviated', evil);
    });
    const { files } = evidenceOf(journal);
    for (const text of [files['report.html'], files['junit.xml']]) {
      expect(text).not.toContain('<script');
      expect(text).not.toContain('\u0000');
    }
  });

  test('can be drawn whatever a run came to', () => {
    const firsts = new Map([...rows].reverse().map((row) => [row.verdict, row]));
    expect(firsts.size).toBe(5);
    for (const { journal } of firsts.values())
      expect(evidenceOf(journal()).files['report.html']).toContain('</html>');
  });
});

describe('the summary', () => {
  test('fits 80 columns, Hangul counted as two, and is plain without colour', () => {
    const journal = sampleJournal();
    journal.plan.runbook.description =
      'AKS1이 사라져도 서비스는 계속된다: 분기마다 한 번 하는 재해 복구 훈련, 운영팀 전원 참석';
    fail(journal, 'steps.rescheduled', 'look', 'deviated', 'it stayed where it was, and '.repeat(8));
    for (const line of summaryOf(journal, { colour: false }).split('\n'))
      expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(summaryOf(journal, { colour: false })).not.toContain('\u001b');
    expect(summaryOf(journal, { colour: true })).toContain('\u001b');
  });

  test('gives the command that mends what was left, unbroken', () => {
    const remedy = `kubectl --context aks1 uncordon ${'aks1-nodepool1-vmss00000-'.repeat(4)}`;
    const journal = spoiled((spoilt) => {
      verbOf(spoilt, 'steps.fault', 'compare').result = {
        left: [{ what: 'node', before: false, now: true, reason: 'changed', remedy }],
      };
    });
    expect(summaryOf(journal, { colour: false })).toContain(`    ${remedy}\n`);
  });
});

describe('JUnit', () => {
  test('a deviation is a failure, a drill that could not run an error', () => {
    const failed = evidenceOf(spoiled((journal) => fail(journal, 'steps.rescheduled', 'look', 'deviated')))
      .files['junit.xml'];
    expect(failed).toMatch(/failures="1" errors="0"/);
    expect(failed).toMatch(
      /<testcase classname="scenario-b.steps" name="Replicas move \(steps.rescheduled\)"[^>]*>\s*<failure type="deviated"/,
    );
    const broken = evidenceOf(spoiled((journal) => fail(journal, 'steps.rescheduled', 'look', 'refused')))
      .files['junit.xml'];
    expect(broken).toMatch(/failures="0" errors="1"/);
    expect(evidenceOf(passedJournal()).files['junit.xml']).toMatch(/failures="0" errors="0"/);
  });
});

describe('the hash chain', () => {
  test('how the run ended does not change the head that the archive took before', () => {
    const { ended: _, endedMs: __, ...archived } = sampleJournal();
    expect(headOf(archived)).toBe(headOf(sampleJournal()));
    expect(evidenceOf(archived).conclusion.journalHead).toBe(headOf(archived));
  });

  test('one altered number changes every hash from there on, and none before', () => {
    const journal = sampleJournal();
    const altered = sampleJournal();
    const slice = altered.traffic[0]?.slices[4];
    slice!.seconds[0]!.rows[0]!.count += 1;
    const [before, after] = [chainOf(journal), chainOf(altered)];
    const first = before.findIndex(({ content }, index) => content !== after[index]?.content);
    expect(before[first]?.atMs).toBe(slice?.untilMs);
    expect(before.slice(0, first)).toEqual(after.slice(0, first));
    expect(before.slice(first).every(({ hash }, index) => hash !== after[first + index]?.hash)).toBe(true);
  });
});

describe('lost requests', () => {
  test('are told by cause and by phase, and none is told twice', () => {
    const journal = sampleJournal();
    const lost = lostOf(journal, judge(journal).phases);
    const failed = journal.traffic
      .flatMap(({ slices }) => slices.flatMap(({ seconds }) => seconds.flatMap(({ rows: all }) => all)))
      .filter((row) => row.class !== 'ok');
    expect(lost.reduce((sum, { total }) => sum + total, 0)).toBe(
      failed.reduce((sum, { count }) => sum + count, 0),
    );
    expect(lost[0]?.cause).toBe('ingress 5xx on aks1');
    expect(lost.every(({ byPhase }) => byPhase['before the fault'] === 0)).toBe(true);
  });
});
