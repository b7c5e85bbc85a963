import { expect, describe as suite, test } from '@jest/globals';
import { describe } from '../../dsl/describe.ts';
import { mermaid } from '../../dsl/graph.ts';
import { catalogue, compiled } from './catalogue.ts';
import { drill } from './marked.ts';

const text = `${drill(
  `
  - id: fault
    uses: kubernetes/drain
    with: { cluster: "\${{ inputs.victim }}" }
    fault: true
    approval: { within: 10m }
  - if: inputs.wanted
    uses: karmada/evacuate
    with: { cluster: aks1, by: surge }
  - parallel:
      - uses: karmada/await-spread
        with: { workload: deployment/hello, expect: without-victim }
      - uses: glb/await-removed
        with: { backend: aks1 }
  - assert: window('users', '10s').availability >= 0.999
`,
  'objective: { rto: 60s, availability: 80% }',
)}
recover:
  - undo: fault
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }
`;
const { plan } = compiled(text);

suite('what a Plan would do', () => {
  const description = describe(plan!, catalogue, { minMs: 10_000, maxMs: 15_000 });

  test('touches, hits and asks', () => {
    expect(description.touched.map(({ path, with: input }) => [path, input])).toEqual([
      ['setup.joined[0]', { cluster: 'aks1' }],
      ['setup.joined[1]', { cluster: 'aks2' }],
      ['setup.joined[2]', { cluster: 'k3s' }],
      ['steps.fault', { cluster: 'aks1' }],
      ['recover.2.rebalance', { workload: 'deployment/hello', by: 'surge' }],
    ]);
    expect(description.blast).toEqual([
      { path: 'steps.fault', clusters: ['aks1'], namespaces: 'all', note: 'every pod on its nodes' },
    ]);
    expect(description.approvals).toEqual([{ path: 'steps.fault', withinMs: 600_000 }]);
    expect(description.skipped).toEqual([
      { path: 'steps.3.evacuate', title: 'karmada/evacuate aks1', because: 'if: inputs.wanted' },
    ]);
  });
  test('puts back phase by phase, newest first, without what recovery itself does', () => {
    expect(description.undone.map(({ path, phase, when }) => [path, phase, when])).toEqual([
      ['steps.fault', 'capacity', 'always'],
      ['setup.joined[2]', 'membership', 'when the run fails'],
      ['setup.joined[1]', 'membership', 'when the run fails'],
      ['setup.joined[0]', 'membership', 'when the run fails'],
    ]);
  });
  test('needs rights, each once, the fleet lock of the engine among them', () => {
    const lease = {
      plane: 'federation',
      group: 'coordination.k8s.io',
      resource: 'leases',
      namespace: 'firedrill-system',
    };
    expect(description.permissions).toEqual([
      { plane: 'aks1', group: '', resource: 'nodes', verbs: ['list', 'patch'] },
      { plane: 'azure', group: 'Microsoft.Cdn', resource: 'origins', verbs: ['read'] },
      {
        plane: 'federation',
        group: 'apps',
        resource: 'deployments',
        verbs: ['create', 'delete', 'get', 'list', 'patch'],
      },
      { ...lease, verbs: ['create'] },
      { ...lease, names: ['firedrill'], verbs: ['delete', 'get'] },
    ]);
    expect(description.rightsUnknown).toEqual([]);
  });
  test('says what the probes allow, by arithmetic', () => {
    // A third of the requests is lost for 10 to 15 of 60 seconds.
    const { victimShare, availability } = description.feasibility!;
    expect(victimShare).toBeCloseTo(1 / 3);
    expect(availability!.best).toBeCloseTo(1 - 10 / 180);
    expect(availability!.worst).toBeCloseTo(1 - 15 / 180);
  });
});

suite('a Plan as a Mermaid flowchart', () => {
  test('has a box for every step, and its branches side by side', () => {
    const chart = mermaid(plan!).split('\n');
    expect(chart[0]).toBe('flowchart TD');
    expect(chart.filter((line) => line.startsWith('  subgraph '))).toEqual([
      '  subgraph setup',
      '  subgraph steps',
      '  subgraph recover',
    ]);
    const id = (title: string) =>
      chart
        .find((line) => line.includes(title))
        ?.trim()
        .split(/\W/)[0];
    const arrows = chart.filter((line) => line.includes('-->')).map((line) => line.trim());
    for (const branch of [id('karmada/await-spread'), id('glb/await-removed')]) {
      expect(arrows).toContain(`${id('karmada/evacuate')} --> ${branch}`);
      expect(arrows).toContain(`${branch} --> ${id('availability')}`);
    }
  });
});
