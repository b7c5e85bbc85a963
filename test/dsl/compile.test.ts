import { describe, expect, test } from '@jest/globals';
import { planHash } from '../../dsl/canonical.ts';
import { evaluate, fill } from '../../dsl/evaluate.ts';
import { type Node, type Plan, type Step, walk } from '../../dsl/plan.ts';
import { compiled } from './catalogue.ts';
import { drill, expectMarked } from './marked.ts';

const scenarioA = `name: scenario-a
inputs:
  shape: { type: enum, of: [steady, other], default: steady }
setup:
  - id: joined
    for-each: fleet.members
    max-parallel: 3
    uses: karmada/join
    with: { cluster: "\${{ item }}" }
verify:
  - id: spread
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: "\${{ inputs.shape }}" }
  - assert: steps.spread.output.moved || inputs.shape == 'steady'
steps:
  - uses: drill/wait
    with: { for: 1s }
`;

/** The example of the language's description. */
const scenarioB = `# yaml-language-server: $schema=../docs/runbook.schema.json
name: scenario-b
title: AKS1 is lost, service goes on
needs: scenario-a                      # its setup and verify, never its steps
objective:
  rto: 60s
  availability: 85%                    # over [fault, fault + rto]
  settle: 10s
inputs:
  victim: { type: cluster, default: aks1 }
  mover: { type: enum, of: [application-failover, taint, placement, surge, none], default: application-failover }
steps:
  - id: users
    uses: traffic/generate
    with: { rate: 50/s }
    background: true
  - id: fault
    name: Drain every node of the victim
    uses: kubernetes/drain
    with:
      cluster: \${{ inputs.victim }}
    fault: true
    approval: { if: fleet.production, within: 30m }
  - parallel:
      - id: rescheduled
        uses: karmada/await-spread
        with: { workload: deployment/hello, expect: without-victim }
        timeout: 5m
      - id: removed
        uses: glb/await-removed
        with:
          backend: \${{ inputs.victim }}
        timeout: 3m
  - id: healthy
    assert: window('users', '10s').availability >= 0.999
recover:
  - undo: fault                        # nodes back first
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }   # a plain rebalance loses 5 of 9
  - uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
  - uses: glb/await-serving
    with:
      backend: \${{ inputs.victim }}
`;
const files = { 'scenario-a.yaml': scenarioA };

function planOf(text: string, more: Parameters<typeof compiled>[1] = {}): Plan {
  const { plan, problems } = compiled(text, more);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan!;
}
const nodesOf = (plan: Plan): Node[] => [...walk(Object.values(plan.sections).flat())];
const stepAt = (plan: Plan, path: string): Step => nodesOf(plan).find((node) => node.path === path) as Step;

describe('the example of the language', () => {
  const plan = planOf(scenarioB, { files });

  test('compiles to a complete Plan', () => {
    expect(plan).toMatchObject({
      language: 1,
      runbook: {
        name: 'scenario-b',
        description: 'AKS1 is lost, service goes on',
        file: 'runbooks/drill.yaml',
      },
      inputs: { victim: 'aks1', mover: 'application-failover' },
      objective: { rtoMs: 60_000, availability: 0.85, settleMs: 10_000 },
      guard: { survivorCapacity: false, blackout: [] },
      victim: 'aks1',
    });
    expect(plan.hash).toBe(planHash(plan));
  });
  test('has a readable, unique path for every node', () => {
    const paths = nodesOf(plan).map(({ path }) => path);
    expect(paths).toEqual([
      'setup.scenario_a.joined.for-each',
      'setup.scenario_a.joined',
      'verify.scenario_a.spread',
      'verify.scenario_a.2.assert',
      'steps.users',
      'steps.fault',
      'steps.3.parallel',
      'steps.rescheduled',
      'steps.removed',
      'steps.healthy',
      'recover.1.undo',
      'recover.2.rebalance',
      'recover.3.await-spread',
      'recover.4.await-serving',
    ]);
    expect(new Set(paths).size).toBe(paths.length);
  });
  test('takes defaults from the kinds and the language', () => {
    expect(stepAt(plan, 'steps.fault')).toMatchObject({
      title: 'Drain every node of the victim',
      with: { cluster: 'aks1' },
      timeoutMs: 60_000,
      retry: { attempts: 3, backoffMs: 500 },
      onFailure: 'stop',
      askWithinMs: 1_800_000,
      fault: true,
      undo: 'auto',
      at: { file: 'runbooks/drill.yaml', line: 17, column: 5 },
    });
    expect(stepAt(plan, 'steps.fault').approval).toBeUndefined();
    expect(stepAt(plan, 'steps.removed').timeoutMs).toBe(180_000);
  });
  test('knows the windows a run must wait for', () => {
    const healthy = nodesOf(plan).find((node) => node.path === 'steps.healthy');
    expect(healthy).toMatchObject({
      type: 'assert',
      expression: { windows: [{ step: 'users', ms: 10_000 }] },
    });
  });
  test('asks for approval on a production fleet', () => {
    const { fleet } = plan;
    const production = planOf(scenarioB, { files, fleet: { ...fleet, production: true } });
    expect(stepAt(production, 'steps.fault').approval).toEqual({ withinMs: 1_800_000 });
  });
  test('takes inputs of the command line', () => {
    const other = planOf(scenarioB, { files, inputs: { victim: 'aks2' } });
    expect(other.victim).toBe('aks2');
    expect(other.hash).not.toBe(plan.hash);
  });
});

describe('values', () => {
  test('only what a run knows stays an expression', () => {
    const plan = planOf(
      drill(`
  - id: spread
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: { aks1: "\${{ inputs.count + 2 }}" } }
  - id: told
    name: Tell \${{ inputs.victim }}
    uses: drill/notify
    with:
      to: \${{ fleet.name }}-ops
      message: "\${{ inputs.victim }}: \${{ steps.spread.output.afterMs / 1000 }} s"
      urgency: \${{ steps.spread.output.spread.aks1 }}
`),
    );
    expect(stepAt(plan, 'steps.spread').with).toEqual({ workload: 'deployment/hello', expect: { aks1: 5 } });
    const { title, with: input } = stepAt(plan, 'steps.told');
    expect(title).toBe('Tell aks1');
    const steps = { spread: { status: 'done', output: { afterMs: 3000, spread: { aks1: 1 } } } };
    const scope = { inputs: plan.inputs, fleet: {}, steps, window: () => ({}) as never };
    expect(fill(input, scope)).toEqual({ to: 'lab-ops', message: 'aks1: 3 s', urgency: 1 });
  });
  test('a double that happens to be whole stays a double', () => {
    const plan = planOf(
      drill(`
  - id: spread
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
  - id: quick
    assert: steps.spread.output.afterMs / 2 < 2.5
`),
    );
    const quick = nodesOf(plan).find((node) => node.path === 'steps.quick');
    const steps = { spread: { status: 'done', output: { afterMs: 5 } } };
    const scope = { inputs: {}, fleet: {}, steps, window: () => ({}) as never };
    expect(quick?.type === 'assert' && evaluate(quick.expression, scope)).toBe(false);
  });
  test('conditions: true ones vanish, false ones say why, the rest is for the run', () => {
    const plan = planOf(
      drill(`
  - { id: always, if: "inputs.count == 3", uses: drill/wait, with: { for: 1s } }
  - { id: never, if: inputs.wanted, uses: drill/wait, with: { for: 1s } }
  - { id: maybe, if: steps.always.status == 'done', uses: drill/wait, with: { for: 1s } }
`),
    );
    expect(stepAt(plan, 'steps.always').if).toBeUndefined();
    expect(stepAt(plan, 'steps.never').if?.cel).toBe('inputs.wanted');
    expect(stepAt(plan, 'steps.maybe').if?.cel).toBe("steps.always.status == 'done'");
  });
  test('expressions may hold braces, quotes and }}', () => {
    const plan = planOf(
      drill(`
  - id: told
    uses: drill/notify
    with: { to: ops, message: "\${{ {'a': {'b': '}}'}}.a.b }} and \${{ '{' }}" }
`),
    );
    expect(stepAt(plan, 'steps.told').with).toEqual({ to: 'ops', message: '}} and {' });
  });
  test('groups and loops', () => {
    const plan = planOf(
      drill(`
  - for-each: [aks1, aks2]
    steps:
      - id: calm
        uses: drill/wait
        with: { for: 1s }
      - for-each: [1, 2]
        max-parallel: 2
        uses: drill/notify
        with: { to: ops, message: "n\${{ item + 1 }}" }
  - assert: size(steps.calm.output) == 2
`),
    );
    const paths = nodesOf(plan).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['steps.2.group.for-each', 'steps.2.group', 'steps.calm']));
    expect(paths).toContain('steps.2.group.2.notify.for-each');
    expect(plan.sections.steps[1]).toMatchObject({
      type: 'for-each',
      items: ['aks1', 'aks2'],
      maxParallel: 1,
    });
  });
});

describe('inputs', () => {
  test('every type, from the command line', () => {
    const text = `name: drill
inputs:
  a: { type: string }
  b: { type: int }
  c: { type: bool }
  d: { type: duration }
  e: { type: cluster }
  f: { type: enum, of: [x, y] }
  g: { type: list }
steps:
  - uses: drill/wait
    with: { for: 1s }
`;
    const inputs = { a: 'text', b: '-4', c: 'true', d: '1m30s', e: 'k3s', f: 'y', g: 'p, q' };
    const expected = { a: 'text', b: -4, c: true, d: '1m30s', e: 'k3s', f: 'y', g: ['p', 'q'] };
    expect(planOf(text, { inputs }).inputs).toEqual(expected);
    const wrong = { a: 'text', b: '4.5', c: 'yes', d: '90', e: 'k3', f: 'z', h: '1' };
    expect(compiled(text, { inputs: wrong }).problems.map(({ code }) => code)).toEqual([
      'FD1604',
      ...Array(5).fill('FD1603'),
      'FD1602',
    ]);
  });
  test('declarations', () => {
    const text = `name: drill
inputs:
  json: { type: string, default: a } #! FD1601
  in: { type: string, default: a } #! FD1202
  Big: { type: string, default: a } #! FD1202
  mover: { type: enum, of: [a], default: b } #! FD1603
  odd: { type: text } #! FD1103
  count: { type: int, default: five } #! FD1103
  more: { type: int, defualt: 5 } #! FD1101 FD1602
steps:
  - uses: drill/wait
    with: { for: "\${{ inputs.cuont }}" } #! FD1205
`.replace(' FD1602', '');
    expectMarked(text, compiled(text).problems);
  });
});

describe('needs', () => {
  const needing = (needs: string) => `name: top
needs: ${needs}
steps:
  - { uses: drill/wait, with: { for: 1s } }
`;
  test('inputs of the needed runbook are checked, and are its own', () => {
    const plan = planOf(needing('{ runbook: scenario-a, with: { shape: steady } }'), { files });
    const check = nodesOf(plan).find((node) => node.path === 'verify.scenario_a.2.assert');
    expect(check).toMatchObject({ scope: 'scenario_a', expression: { inputs: { shape: 'steady' } } });
    expect(check?.at.file).toBe('runbooks/scenario-a.yaml');
    const { problems } = compiled(needing('{ runbook: scenario-a, with: { shap: steady, shape: none } }'), {
      files,
    });
    expect(problems.map(({ code, place }) => [code, place.file, place.line])).toEqual([
      ['FD1604', 'runbooks/drill.yaml', 2],
      ['FD1603', 'runbooks/drill.yaml', 2],
    ]);
  });
  test('the same needed twice is set up once, differently twice', () => {
    const two = (shape: string) => `[scenario-a, { runbook: scenario-a, with: { shape: ${shape} } }]`;
    const loose = { 'scenario-a.yaml': scenarioA.replace('expect: "${{ inputs.shape }}"', 'expect: steady') };
    expect(planOf(needing(two('steady')), { files: loose }).sections.setup).toHaveLength(1);
    const scopes = planOf(needing(two('other')), { files: loose }).sections.setup.map(({ scope }) => scope);
    expect(scopes).toEqual(['scenario_a', 'scenario_a_2']);
  });
  test('circles, depth and what is not there', () => {
    const link = (name: string, needs: string) => needing(needs).replace('name: top', `name: ${name}`);
    const circle = { 'one.yaml': link('one', 'two'), 'two.yaml': link('two', 'top') };
    expect(compiled(needing('one'), { files: circle }).problems).toMatchObject([
      {
        code: 'FD1701',
        found: 'top needs one needs two needs top',
        place: { file: 'runbooks/two.yaml', line: 2 },
      },
    ]);
    const deep = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((n) => [`r${n}.yaml`, link(`r${n}`, n < 6 ? `r${n + 1}` : '[]')]),
    );
    expect(compiled(needing('r2'), { files: deep }).problems.map(({ code }) => code)).toEqual(['FD1702']);
    expect(compiled(needing('r3'), { files: deep }).problems).toEqual([]);
    expect(compiled(needing('scenario-b'), { files }).problems).toMatchObject([
      { code: 'FD1703', nearest: ['scenario-a'] },
    ]);
  });
  test('mistakes in it are located in it; a fault has no place in it', () => {
    const broken = scenarioA.replace('karmada/join', 'karmada/jion');
    const { problems } = compiled(needing('scenario-a'), { files: { 'scenario-a.yaml': broken } });
    expect(problems).toMatchObject([
      { code: 'FD1401', place: { file: 'runbooks/scenario-a.yaml', line: 8 } },
    ]);
    const faulty = scenarioA.replace('max-parallel: 3', 'fault: true');
    const codes = compiled(needing('scenario-a'), { files: { 'scenario-a.yaml': faulty } }).problems;
    expect(codes.map(({ code }) => code)).toEqual(['FD1502']);
  });
});

describe('manifests', () => {
  const applying = (manifests: string) => `name: drill
setup:
  - uses: karmada/apply
    with: { manifests: ${manifests} }
`;
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: hello }\n';
  const beside = {
    'm/hello.yaml': `${service}---\n${service.replace('Service', 'ConfigMap')}`,
    'm/more.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } })}\n`,
    'm/notes.txt': 'not a manifest',
    'odd.yaml': 'just: text\n',
    'bomb.yaml': Array.from(
      { length: 12 },
      (_, n) =>
        `a${n}: &a${n} [${Array(9)
          .fill(n === 0 ? 'x' : `*a${n - 1}`)
          .join(', ')}]`,
    ).join('\n'),
    'bad.yaml': 'a: [\n',
  };
  test.each([
    ['m/hello.yaml', ['Service', 'ConfigMap']],
    ['m', ['Service', 'ConfigMap', 'Pod']],
    ['[m/more.yaml, m/hello.yaml]', ['Pod', 'Service', 'ConfigMap']],
  ])('%s', (written, kinds) => {
    const [step] = planOf(applying(written), { files: beside }).sections.setup;
    const { manifests } = (step as Step).with as { manifests: { kind: string }[] };
    expect(manifests.map(({ kind }) => kind)).toEqual(kinds);
  });
  test.each([
    ['m/helo.yaml', ['m/hello.yaml', 'm/more.yaml']],
    ['odd.yaml', []],
    ['bomb.yaml', []],
    ['bad.yaml', []],
    ['5', []],
  ])('%s is refused', (written, nearest) => {
    expect(compiled(applying(written), { files: beside }).problems).toMatchObject([
      { code: 'FD1404', nearest, place: { line: 4 } },
    ]);
  });
  test('a Plan stays small enough for one payload', () => {
    const many = Array.from({ length: 3_000 }, (_, n) =>
      service.replace('hello', `hello-${n}-${'x'.repeat(150)}`),
    );
    const { plan, problems } = compiled(applying('many.yaml'), {
      files: { 'many.yaml': many.join('---\n') },
    });
    expect(problems).toMatchObject([{ code: 'FD1802', place: { line: 3 } }]);
    expect(plan).toBeUndefined();
  });
});
