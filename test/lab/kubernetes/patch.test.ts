import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fieldSetOf, fromFieldsV1, toFieldsV1 } from '../../../lab/kubernetes/patch/field-sets.ts';
import type { Json, JsonObject } from '../../../lab/kubernetes/patch/json.ts';
import { jsonPatch } from '../../../lab/kubernetes/patch/json-patch.ts';
import { mergePatch } from '../../../lab/kubernetes/patch/merge-patch.ts';
import { strategicMerge } from '../../../lab/kubernetes/patch/strategic-merge.ts';

const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean());
const { document } = fc.letrec<{ document: Json; object: Json }>((tie) => ({
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('document')) as fc.Arbitrary<Json>,
  document: fc.oneof({ depthSize: 'small' }, scalar, fc.array(scalar), tie('object')),
}));
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), document);

function withoutNulls(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, withoutNulls(inner)]));
}

describe('merge patch', () => {
  test('a patch without nulls is in the result, and doing it twice changes nothing more', () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(once).toMatchObject(withoutNulls(patch) as object);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  test('null removes, and what a patch does not name stays', () => {
    expect(mergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] })).toEqual({
      a: { c: 2 },
      d: [2],
    });
  });
});

describe('strategic merge patch', () => {
  test('outside lists it is a merge patch', () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        expect(strategicMerge(target, patch)).toEqual(mergePatch(target, patch));
      }),
    );
  });

  const containers = fc.uniqueArray(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.string() }),
    { selector: ({ name }) => name },
  );
  test('keyed lists: every item of both is there once, with the patch winning', () => {
    fc.assert(
      fc.property(containers, containers, (live, patch) => {
        const merged = strategicMerge({ spec: { containers: live } }, { spec: { containers: patch } });
        const items = ((merged as JsonObject).spec as JsonObject).containers as typeof live;
        const expected = new Map([...live, ...patch].map((item) => [item.name, item]));
        expect(items).toHaveLength(expected.size);
        for (const item of items) expect(item).toEqual(expected.get(item.name));
      }),
    );
  });

  test('directives: delete an item, replace a list, delete from a set', () => {
    const target = {
      spec: { containers: [{ name: 'a' }, { name: 'b' }] },
      metadata: { finalizers: ['x', 'y'] },
    };
    expect(
      strategicMerge(target, {
        spec: { containers: [{ name: 'a', $patch: 'delete' }] },
        metadata: { '$deleteFromPrimitiveList/finalizers': ['x'], finalizers: ['z'] },
      }),
    ).toEqual({ spec: { containers: [{ name: 'b' }] }, metadata: { finalizers: ['y', 'z'] } });
    const replaced = strategicMerge(target, { spec: { containers: [{ $patch: 'replace' }, { name: 'c' }] } });
    expect(replaced).toMatchObject({ spec: { containers: [{ name: 'c' }] } });
  });

  test("a node's taints are one value, as in Kubernetes' own types", () => {
    const patched = strategicMerge(
      { spec: { taints: [{ key: 'a' }] } },
      { spec: { taints: [{ key: 'b' }] } },
    );
    expect(patched).toEqual({ spec: { taints: [{ key: 'b' }] } });
  });
});

describe('JSON patch', () => {
  test('replaces, inserts, removes and tests, or refuses the whole patch', () => {
    const target = { spec: { list: [1, 2], 'a/b': 1 } };
    expect(
      jsonPatch(target, [
        { op: 'test', path: '/spec/a~1b', value: 1 },
        { op: 'add', path: '/spec/list/1', value: 9 },
        { op: 'add', path: '/spec/list/-', value: 3 },
        { op: 'remove', path: '/spec/a~1b' },
      ]),
    ).toEqual({ spec: { list: [1, 9, 2, 3] } });
    expect(() => jsonPatch(target, [{ op: 'test', path: '/spec/list/0', value: 7 }])).toThrow(
      'the server rejected our request',
    );
    expect(() => jsonPatch(target, [{ op: 'remove', path: '/spec/none' }])).toThrow(
      'the server rejected our request',
    );
  });
});

test('fieldsV1 is a lossless form of a set of fields', () => {
  const object = {
    metadata: { name: 'x', labels: { a: '1' }, finalizers: ['f/g'] },
    spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }], env: [] }], empty: {} },
  };
  const set = fieldSetOf(object, false);
  expect(fromFieldsV1(toFieldsV1(set))).toEqual(set);
  expect(JSON.stringify(toFieldsV1(set))).toContain(
    String.raw`k:{\"containerPort\":80,\"protocol\":\"TCP\"}`,
  );
});
