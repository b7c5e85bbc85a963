import { describe, expect, test } from '@jest/globals';
import type { CompileOptions } from '../../dsl/compile.ts';
import { compiled, fleet } from './catalogue.ts';
import { drill, expectMarked } from './marked.ts';

interface Case {
  rule: string;
  text: string;
  options?: Partial<CompileOptions> & { files?: Record<string, string> };
}

const fault = `
  - id: fault
    uses: kubernetes/drain
    with: { cluster: "\${{ inputs.victim }}" }
    fault: true
`;

const cases: Case[] = [
  {
    rule: 'ids are unique over all sections and levels',
    text: drill(`
  - id: users #! FD1201
    uses: drill/wait
    with: { for: 1s }
  - parallel:
      - { id: one, uses: drill/wait, with: { for: 1s } }
      - id: one #! FD1201
        uses: drill/wait
        with: { for: 2s }
`),
  },
  {
    rule: 'ids are names that expressions can use',
    text: drill(`
  - id: in #! FD1103
    uses: drill/wait
    with: { for: 1s }
  - id: two-words #! FD1103
    uses: drill/wait
    with: { for: 1s }
`),
  },
  {
    rule: 'references go to steps that must have completed',
    text: drill(`
  - assert: steps.later.output.moved #! FD1204
  - assert: steps.nowhere.output.moved #! FD1203
  - assert: steps.users.output.failed == 0 #! FD1204
  - parallel:
      - id: left
        uses: karmada/await-spread
        with: { workload: deployment/hello, expect: steady }
      - assert: steps.left.output.moved #! FD1204
      - steps:
          - { id: deep, uses: karmada/await-spread, with: { workload: deployment/hello, expect: steady } }
          - assert: steps.deep.output.moved
  - assert: steps.left.output.moved && steps.deep.output.moved
  - id: later
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
`),
  },
  {
    rule: 'recovery may read only what was complete before the fault',
    text: `${drill(`
  - id: before
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
${fault}`)}
recover:
  - assert: steps.before.output.moved
  - assert: steps.fault.output.evicted > 0 #! FD1204
  - undo: fault
  - assert: window('users', '10s').ok > 0
`,
  },
  {
    rule: 'outside a loop its outputs are lists',
    text: drill(`
  - assert: steps.joined.output.all(one, one.joined)
  - assert: steps.joined.output.joined #! FD1302
`),
  },
  {
    rule: 'windows are literals of background steps that were started, in conditions',
    text: drill(`
  - assert: window('users', '10s').availability >= 0.999
  - assert: window('joined', '10s').availability >= 0.999 #! FD1306
  - assert: window('users', '1500ms').availability >= 0.999 #! FD1306
  - assert: window('users', string(inputs.count) + 's').availability >= 0.999 #! FD1306
  - assert: window('users', '10s').availabilty >= 0.999 #! FD1302
  - uses: drill/notify
    with:
      to: ops
      message: "\${{ window('users', '10s').ok }}" #! FD1306
`),
  },
  {
    rule: 'one fault in the whole Plan',
    text: drill(`${fault}
  - uses: kubernetes/drain
    with: { cluster: aks2 }
    fault: true #! FD1502
`),
  },
  {
    rule: 'a fault that an input rules out does not count',
    text: drill(`${fault}
  - if: inputs.wanted
    uses: kubernetes/drain
    with: { cluster: aks2 }
    fault: true
`),
  },
  {
    rule: 'no fault in a loop, in an undo, in a kind without a probe, or passed over',
    text: drill(`
  - for-each: [aks1]
    uses: kubernetes/drain
    with: { cluster: "\${{ item }}" }
    fault: true #! FD1502
  - uses: drill/wait
    with: { for: 1s }
    fault: true #! FD1502
  - uses: kubernetes/drain
    with: { cluster: aks1 }
    on-failure: continue
    fault: true #! FD1502
  - uses: kubernetes/drain
    with: { cluster: aks1 }
    undo:
      - uses: kubernetes/drain
        with: { cluster: aks2 }
        fault: true #! FD1502
`),
  },
  {
    rule: 'verify reads, setup does not disrupt',
    text: `name: drill
setup:
  - uses: kubernetes/drain #! FD1501
    with: { cluster: aks1 }
verify:
  - uses: karmada/join #! FD1501
    with: { cluster: aks1 }
`,
  },
  {
    rule: 'background only by kinds that allow it, alone, in setup or steps',
    text: drill(`
  - uses: drill/wait
    with: { for: 1s }
    background: true #! FD1503
  - parallel:
      - { id: a, uses: drill/wait, with: { for: 1s } }
      - uses: traffic/generate
        with: { rate: 1/s }
        background: true #! FD1503
  - uses: traffic/generate
    with: { rate: 1/s }
    approval: true
    background: true #! FD1503
recover:
  - uses: traffic/generate
    with: { rate: 1/s }
    background: true #! FD1503
`),
  },
  {
    rule: 'branches do different things',
    text: drill(`
  - parallel:
      - uses: kubernetes/drain
        with: { cluster: aks1 }
      - uses: kubernetes/drain #! FD1504
        with: { cluster: aks1 }
  - parallel: #! FD1504
      - { uses: drill/wait, with: { for: 1s } }
`),
  },
  {
    rule: 'loops have at most 200 items',
    text: drill(`
  - for-each: "['a', 'b'].map(x, x)"
    uses: drill/notify
    with: { to: ops, message: "\${{ item }}" }
  - for-each: [${Array.from({ length: 201 }, (_, index) => `n${index}`).join(', ')}] #! FD1505
    timeout: 1s
    uses: drill/notify
    with: { to: ops, message: "\${{ item }}" }
  - for-each: inputs.count #! FD1302
    uses: drill/notify
    with: { to: ops, message: "\${{ item }}" }
`),
  },
  {
    rule: 'approvals only on the way out',
    text: drill(`
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }
    approval: true
recover:
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }
    approval: true #! FD1506
`),
  },
  {
    rule: 'in a schedule an approval needs its standing answer, and nobody is asked',
    options: { scheduled: true },
    text: drill(`
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }
    approval: { within: 5m } #! FD1507
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: rebalancer }
    approval: { standing: approve }
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: rebalancer }
    approval: { if: fleet.production }
  - uses: drill/wait
    with: { for: 1s }
    on-failure: ask #! FD1508
`),
  },
  {
    rule: 'on-failure fits where it stands',
    text: `name: drill
verify:
  - uses: drill/wait
    with: { for: 1s }
    on-failure: continue #! FD1508
steps:
  - uses: drill/wait
    with: { for: 1s }
    ask-within: 5m #! FD1508
  - on-failure: continue #! FD1508
    steps:
      - uses: drill/wait
        with: { for: 1s }
recover:
  - uses: drill/wait
    with: { for: 1s }
    on-failure: ask #! FD1508
`,
  },
  {
    rule: 'what changes has a way back',
    text: drill(`
  - uses: test/oneway #! FD1509
    with: { cluster: aks1 }
  - uses: test/oneway
    with: { cluster: aks2 }
    undo:
      - uses: glb/set-backend
        with: { backend: aks2 }
  - uses: karmada/rebalance
    with: { workload: deployment/hello, by: surge }
    undo: none #! FD1509
  - uses: drill/wait
    with: { for: 1s }
    undo: none #! FD1509
`),
  },
  {
    rule: 'undo names an earlier step that can be undone',
    text: drill(`
  - { id: calm, uses: drill/wait, with: { for: 1s } }
  - undo: calm #! FD1206
  - undo: nowhere #! FD1206
  - undo: later #! FD1206
  - parallel:
      - { id: drained, uses: kubernetes/drain, with: { cluster: aks1 } }
      - undo: drained #! FD1206
  - undo: drained
  - { id: later, uses: kubernetes/drain, with: { cluster: aks2 } }
`),
  },
  {
    rule: 'every plane is in the fleet',
    options: { fleet: { ...fleet, federation: undefined, loadBalancer: undefined } as never },
    text: `name: drill
steps:
  - uses: karmada/rebalance #! FD1510
    with: { workload: deployment/hello, by: surge }
  - uses: glb/await-removed #! FD1510
    with: { backend: aks1 }
`,
  },
  {
    rule: 'a member that only its own agent reaches is waited for by report, and not touched',
    options: {
      fleet: {
        ...fleet,
        members: {
          ...fleet.members,
          k3s: { mode: 'pull', entry: fleet.members['k3s']!.entry, exposure: 'direct', scaleNodes: 'none' },
        },
      },
    },
    text: `name: drill
steps:
  - uses: kubernetes/drain #! FD1514
    with: { cluster: k3s }
  - uses: kubernetes/drain
    if: "'k3s' in fleet.askable"
    with: { cluster: k3s }
  - uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
  - uses: kubernetes/drain
    with: { cluster: aks1 }
`,
  },
  {
    rule: 'guards',
    text: drill(
      `
  - uses: kubernetes/drain
    with: { cluster: k3s } #! FD1513
  - uses: karmada/evacuate
    with: { cluster: aks1, by: surge }
  - id: spread
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
  - uses: kubernetes/drain
    with: #! FD1512
      cluster: "\${{ steps.spread.output.moved ? 'aks1' : 'aks2' }}"
`,
      `guard:
  allow:
    - aks1
    - aks9 #! FD1511
  blackout:
    - cron: 0 9 * * #! FD1511
      timezone: Asia/Seul #! FD1511
      for: 8h
      reason: office hours
  floor:
    step: nobody #! FD1511
    availability: 50%
    window: 10s`,
    ),
  },
  {
    rule: 'objectives and waits that the probes cannot keep',
    options: { removal: { minMs: 60_000, maxMs: 90_000 } },
    text: drill(
      `${fault}
  - uses: glb/await-removed
    with: { backend: aks1 }
    timeout: 30s #! FD1803
  - uses: glb/await-removed
    with: { backend: aks1 }
    timeout: 70s #! FD1803
  - uses: glb/await-removed
    with: { backend: aks1 }
    timeout: 2m
`,
      `objective:
  rto: 50s #! FD1804
  availability: 99% #! FD1804`,
    ),
  },
  {
    rule: 'who moves users first does not wait for probes',
    options: { removal: { minMs: 60_000, maxMs: 90_000 } },
    text: drill(
      `
  - uses: glb/set-backend
    with: { backend: aks1, weight: 1 }
${fault}`,
      'objective: { rto: 5s, availability: 99.9% }',
    ),
  },
  {
    rule: 'a run fits into one history',
    text: drill(`
  - for-each: "['a', 'b']"
    uses: drill/wait
    timeout: 20h
    with: { for: 1s }
`).replace('  - id: users', '  - id: users #! FD1801'),
  },
  {
    rule: 'inputs of kinds are checked with real values, items included',
    text: drill(`
  - for-each: [aks1, aks7]
    uses: kubernetes/drain
    with:
      cluster: "\${{ item }}" #! FD1403
  - uses: karmada/await-spread
    with:
      workload: hello #! FD1402
      expect: stedy #! FD1402
      nmespace: demo #! FD1402
  - uses: drill/notify
    with:
      to: ops
      message: "\${{ inputs.count }}" #! FD1402
  - uses: drill/notify
    with:
      to: "\${{ inputs.cuont }}" #! FD1205
      urgency: high #! FD1402
      message: hi
  - uses: drill/notfy #! FD1401
    with: { to: ops, message: hi }
`),
  },
  {
    rule: 'inputs that only the run knows are checked by type, and what stands around them by value',
    text: drill(`
  - id: spread
    uses: karmada/await-spread
    with: { workload: deployment/hello, expect: steady }
  - uses: drill/notify
    with:
      to: 5 #! FD1402
      message: "\${{ steps.spread.output.moved }}" #! FD1402
      urgency: "\${{ steps.spread.output.spread.aks1 + 1 }}"
  - uses: drill/notify
    with:
      to: ops
      message: "moved: \${{ steps.spread.output.moved }}, after \${{ steps.spread.output.afterMs / 1000 }} s"
  - uses: drill/notify
    with:
      to: ops
      message: "\${{ steps.spread.output.mooved }}" #! FD1302
`),
  },
  {
    rule: 'a step that an input rules out need not have a value that fits',
    text: drill(`
  - if: inputs.wanted
    uses: karmada/evacuate
    with:
      cluster: aks1
      by: "\${{ inputs.wanted ? 'surge' : 'none' }}"
  - if: inputs.wanted
    uses: karmada/evacuate
    with:
      clster: aks1 #! FD1402
      cluster: aks1
      by: noone #! FD1402
`),
  },
];

describe('rules', () => {
  test.each(cases)('$rule', ({ text, options }) => {
    expectMarked(text, compiled(text, options).problems);
  });

  test('a Plan is made when nothing is wrong, and with warnings only', () => {
    const { plan, problems } = compiled(
      drill(`${fault}
  - parallel:
      - { uses: drill/wait, with: { for: 1s } }
`),
    );
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
    expect(plan?.victim).toBe('aks1');
  });
});
