import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { canonicalJson, planHash } from '../../dsl/canonical.ts';
import { parseFleet } from '../../dsl/fleet-file.ts';
import { durationPattern, durationText, milliseconds } from '../../dsl/milliseconds.ts';
import { nearest } from '../../dsl/nearest.ts';
import { formatProblem, type Problem } from '../../dsl/problem.ts';
import { catalogue, compiled } from './catalogue.ts';
import { drill } from './marked.ts';

/** Everything a person needs to find and mend it. */
function expectSound(problems: Problem[], text: string): void {
  const lines = text.split('\n');
  for (const problem of problems) {
    const { line, column } = problem.place;
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
    expect(problem.remedy).not.toBe('');
    expect(problem.what).not.toContain('undefined');
    expect(formatProblem(problem)).toContain(problem.code);
  }
}

function expectCompiles(text: string): void {
  const { plan, problems } = compiled(text);
  expectSound(problems, text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(plan === undefined).toBe(errors.length > 0);
}

/** Words of the language, so that arbitrary values come close to runbooks. */
const words = [
  ...[
    'name',
    'needs',
    'inputs',
    'setup',
    'verify',
    'steps',
    'recover',
    'objective',
    'guard',
    'uses',
    'with',
    'id',
  ],
  ...[
    'if',
    'assert',
    'for-each',
    'parallel',
    'undo',
    'background',
    'fault',
    'approval',
    'timeout',
    'type',
    'default',
  ],
  ...[
    'manifests',
    'cluster',
    'workload',
    'for',
    'to',
    'message',
    'constructor',
    '$cel',
    'toString',
    'rto',
    'allow',
  ],
];
const values = [
  ...[
    'drill',
    'none',
    'steady',
    'aks1',
    '30s',
    'ask',
    'int',
    'cluster',
    'inputs.a',
    'steps.a.output.b',
    'item',
  ],
  ...[
    "window('users', '10s').ok",
    '${{ inputs.a }}',
    '${{ steps.a.output }} x',
    '${{',
    '1 +',
    'fleet.production',
  ],
  ...['inputs.constructor', 'true', "'", '!x', 'a: b', '#', ''],
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(...values, ...catalogue.keys()),
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e21),
  fc.string(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...words), tie('tree'), { maxKeys: 6 }),
  ),
}));
const likely = fc.record(
  {
    name: fc.constantFrom<unknown>('drill', 5),
    inputs: tree,
    needs: tree,
    objective: tree,
    guard: tree,
    setup: fc.array(fc.dictionary(fc.constantFrom(...words), tree, { maxKeys: 5 }), { maxLength: 3 }),
    steps: fc.array(
      fc.record(
        {
          id: fc.constantFrom<unknown>('a', 'b', 'users', 7),
          uses: fc.constantFrom<unknown>(...catalogue.keys(), 'no/such'),
          with: fc.dictionary(fc.constantFrom(...words), leaf, { maxKeys: 3 }),
          if: leaf,
          'for-each': tree,
          fault: fc.boolean(),
          background: fc.boolean(),
          undo: tree,
        },
        { requiredKeys: ['uses'] },
      ),
      { maxLength: 4 },
    ),
    recover: tree,
  },
  { requiredKeys: [] },
);

describe('compile never throws, and every problem has a place in the file', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), expectCompiles), { numRuns: 300 });
  });
  test('on texts of YAML and expression signs', () => {
    const sign = fc.constantFrom(
      ...'{}[]:,-#!&*|>\'"%@`?$ \n\t',
      'steps',
      'uses',
      'a',
      '${{ ',
      ' }}',
      ': ',
      '- ',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (signs) => expectCompiles(signs.join(''))),
      { numRuns: 500 },
    );
  });
  test('on any values, as YAML and as JSON', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expectCompiles(stringify(value) ?? '');
        expectCompiles(JSON.stringify(value) ?? '');
      }),
      { numRuns: 300 },
    );
  });
  test('on what is nearly a runbook', () => {
    fc.assert(
      fc.property(likely, (value) => expectCompiles(stringify(value))),
      { numRuns: 500 },
    );
  });
  test('on any expression', () => {
    const part = fc.constantFrom(
      ...[
        'inputs',
        'steps',
        'users',
        'fleet',
        'item',
        '.',
        '[',
        ']',
        '(',
        ')',
        "'a'",
        '1',
        '2.5',
        ' + ',
        ' == ',
      ],
      ...[' && ', '!', ' ? ', ' : ', 'window', ', ', 'null', 'has', 'count', '{', '}', 'output', '\n', '-'],
    );
    const expression = fc.array(part, { maxLength: 15 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(expression, (cel) => expectCompiles(drill(`  - assert: ${JSON.stringify(cel)}\n`))),
      { numRuns: 300 },
    );
  });
  test('on any fleet file', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringify({
          name: 'x',
          tier: 'sandbox',
          production: false,
          members: value,
          identity: value,
        });
        expectSound(parseFleet('/fleet.yaml', text).problems, text);
      }),
      { numRuns: 200 },
    );
  });
});

describe('hashes', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, one]) => [key, reversed(one)]),
    );
  };
  test('do not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  test('of a Plan hold over its way through JSON, and tell any change', () => {
    const { plan } = compiled(drill('  - { uses: drill/wait, with: { for: 1s } }\n'));
    expect(planHash(reversed(JSON.parse(JSON.stringify(plan))) as never)).toBe(plan!.hash);
    expect(planHash({ ...plan!, inputs: { ...plan!.inputs, count: 4 } })).not.toBe(plan!.hash);
  });
});

describe('durations', () => {
  test('are written and read alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        const text = durationText(seconds * 1_000);
        expect(text).toMatch(durationPattern);
        expect(milliseconds(text)).toBe(seconds * 1_000);
      }),
    );
  });
  test.each([
    ['500ms', 500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s', (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });
  test.each(['', '5', 's', '1.5s', '-1s', '5 s', '5S'])("'%s' is none", (text) => {
    expect(() => milliseconds(text)).toThrow(RangeError);
  });
});

test('the nearest name of a name with one mistake comes first', () => {
  const names = [...catalogue.keys()];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), (name, seed) => {
      const at = 3 + (seed % (name.length - 3));
      expect(nearest(name.slice(0, at) + name.slice(at + 1), names)[0]).toBe(name);
    }),
  );
});
