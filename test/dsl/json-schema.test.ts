import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { jsonSchema } from '../../dsl/json-schema.ts';
import { catalogue, compiled } from './catalogue.ts';
import { drill } from './marked.ts';

describe('the JSON Schema for editors', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    validate = new Ajv({ strict: false, allErrors: true }).compile(jsonSchema(catalogue));
  });

  const good = drill(
    `
  - parallel:
      - uses: karmada/await-spread
        with: { workload: deployment/hello, expect: { aks1: "\${{ inputs.count }}" } }
        timeout: 5m
      - steps:
          - assert: window('users', '10s').availability >= 0.999
          - uses: drill/notify
            with: { to: ops, message: hi, urgency: "\${{ inputs.count }}" }
  - uses: kubernetes/drain
    with: { cluster: aks1 }
    undo:
      - uses: drill/wait
        with: { for: 1s }
  - id: any
    uses: test/any
    with: { value: [1, { a: "\${{ inputs.count }}" }] }
  - assert: steps.any.output.value.deep[0] > 1
  - uses: karmada/apply
    with: { manifests: manifests/hello }
`,
    'objective: { rto: 60s, availability: 85% }',
  );

  test('takes what compiles', () => {
    const files = { 'manifests/hello': 'apiVersion: v1\nkind: Service\nmetadata: { name: hello }\n' };
    const { problems } = compiled(good, {
      files,
      list: () => {
        throw new Error('no folder');
      },
    });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    validate(parse(good));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each([
    ['an unknown field', good.replace('name: drill', 'name: drill\ntitel: x')],
    ['an unknown kind', good.replace('kubernetes/drain', 'kubernetes/drian')],
    ['an unknown input of a kind', good.replace('{ cluster: aks1 }', '{ clutser: aks1 }')],
    ['a number for a duration', good.replace('timeout: 5m', 'timeout: 5')],
    ['a wrong duration in a kind', good.replace('for: 1s', 'for: 1 second')],
    ['a wrong type of input', good.replace('type: cluster', 'type: clusters')],
  ])('refuses %s', (_, text) => {
    expect(validate(parse(text))).toBe(false);
  });

  test('explains every kind where an editor looks', () => {
    const { $defs } = jsonSchema(catalogue) as {
      $defs: { step: { anyOf: { title?: string; description?: string }[] } };
    };
    const titles = $defs.step.anyOf.flatMap(({ title, description }) =>
      description === undefined ? [] : title,
    );
    expect(titles).toEqual([...catalogue.keys()]);
  });
});
