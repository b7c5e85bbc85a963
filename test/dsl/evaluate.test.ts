import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EvaluationError, evaluate, fill, type Scope } from '../../dsl/evaluate.ts';
import type { Cel, Json, Template } from '../../dsl/plan.ts';
import type { Window } from '../../dsl/window.ts';

const window: Window = {
  requests: 500,
  ok: 500,
  failed: 0,
  availability: 1,
  routed: { aks2: 1 },
  served: {},
  unattributed: 0,
};
const scope: Scope = {
  inputs: { n: 3, victim: 'aks1' },
  fleet: { name: 'lab', production: false },
  steps: {
    moved: { status: 'done', output: { afterMs: 5000, count: 7, none: null, spread: { aks2: 7 } } },
    skipped: { status: 'skipped', output: null },
  },
  item: { id: 2 },
  window: () => window,
};
const cel = (text: string, more: Partial<Cel> = {}): Cel => ({
  cel: text,
  at: { file: 'drill.yaml', line: 7, column: 13 },
  windows: [],
  ...more,
});
const doubles = [['steps', 'moved', 'output', 'afterMs']];

describe('numbers of JSON beside those of CEL', () => {
  test.each<[string, Json]>([
    ['inputs.n + 1', 4],
    ['inputs.n / 2', 1],
    ['inputs.n * 1.5', 4.5],
    ['item.id == 2', true],
    ['item.id == 2.0', true],
    ['steps.moved.output.afterMs / 2000', 2.5],
    ['steps.moved.output.count + steps.moved.output.afterMs', 5007],
    ["window('users', '10s').availability >= 0.999", true],
    ["window('users', '10s').availability / 2", 0.5],
    ["window('users', '10s').routed.aks2 > 0.5", true],
    ["window('users', '10s').ok % 7", 3],
    ['[1, 2.5, "a"]', [1, 2.5, 'a']],
    ['{"a": [inputs.n]}', { a: [3] }],
    ['steps.moved.output.spread.map(name, name)', ['aks2']],
  ])('%s', (text, value) => {
    expect(evaluate(cel(text, { doubles }), scope)).toEqual(value);
  });

  test('every result can be written as JSON, exactly', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const result = evaluate(cel('inputs.value'), { ...scope, inputs: { value: value as Json } });
        expect(JSON.stringify(result)).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('a skipped step', () => {
  test.each<[string, Json]>([
    ['has(steps.skipped.output.count)', false],
    ['steps.skipped.output == null', true],
    ['steps.skipped.status', 'skipped'],
    ['steps.skipped.output == null ? 0 : steps.skipped.output.count', 0],
    ['has(steps.moved.output.count)', true],
  ])('%s', (text, value) => {
    expect(evaluate(cel(text), scope)).toEqual(value);
  });
});

describe('errors carry the place', () => {
  test.each([
    ['steps.skipped.output.count', 'drill.yaml:7:34'],
    ['1 / 0', 'drill.yaml:7:13'],
    ['true &&\n  steps.moved.output.nothing > 1', 'drill.yaml:8:34'],
    ['9007199254740991 + 2', 'drill.yaml:7:13'],
    ['1.0 / 0.0', 'drill.yaml:7:13'],
    ["b'bytes'", 'drill.yaml:7:13'],
    ["'text' > 1", 'drill.yaml:7:13'],
  ])('%s', (text, place) => {
    const attempt = () => evaluate(cel(text), scope);
    expect(attempt).toThrow(EvaluationError);
    expect(attempt).toThrow(`${place}: `);
  });
});

describe('templates', () => {
  test('whole values keep their type, texts are joined, the rest stays', () => {
    const template: Template = {
      count: { $cel: cel('inputs.n + 1') },
      list: [1, { $cel: cel('steps.moved.output.spread') }],
      text: {
        $text: [
          'to ',
          cel('inputs.victim'),
          ' in ',
          cel('steps.moved.output.count'),
          cel('steps.moved.output.none'),
        ],
      },
      same: { deep: null },
    };
    expect(fill(template, scope)).toEqual({
      count: 4,
      list: [1, { aks2: 7 }],
      text: 'to aks1 in 7null',
      same: { deep: null },
    });
  });
  test('a needed runbook brings its own inputs', () => {
    expect(evaluate(cel('inputs.victim', { inputs: { victim: 'k3s' } }), scope)).toBe('k3s');
  });
  test('JSON without expressions is filled to itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fill(value as Template, scope)).toEqual(value);
      }),
    );
  });
});

test('evaluation can be bundled into a workflow: no Node built-ins, no zod', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join('dsl', file), 'utf8');
    for (const [, from] of text.matchAll(/^(?:import|export) (?!type ).*?from '([^']+)'/gms)) {
      expect(from).toMatch(/^\.\/|^@marcbachmann\/cel-js$/);
      if (from!.startsWith('./')) visit(from!.slice(2));
    }
    expect(text).not.toMatch(/\b(?:Buffer|process)\b/);
  };
  visit('evaluate.ts');
  expect(seen.size).toBeGreaterThan(2);
});
