import { describe, expect, test } from '@jest/globals';
import { judge } from '../../report/verdict.ts';
import { rows } from './verdict-table.ts';

describe('the verdict table', () => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const judged = judge(row.journal());
    expect({ verdict: judged.verdict, kinds: judged.causes.map(({ kind }) => kind) }).toEqual({
      verdict: row.verdict,
      kinds: expect.arrayContaining(row.causes),
    });
    if (row.exitCode !== undefined) expect(judged.exitCode).toBe(row.exitCode);
    if (row.says !== undefined) expect(judged.causes.map(({ text }) => text).join('\n')).toMatch(row.says);
  });
});
