/** The drills whose histories are kept: every way a run can go, each as small as shows it. */
import type { Conclusion, RunState } from '../../workflows/protocol.ts';
import type { Toy } from '../toy/server.ts';
import type { Drill, Engine } from './engine.ts';

export interface Golden {
  name: string;
  runbook: string;
  /** What people and the world do while it runs. */
  meanwhile?(drill: Drill, toy: Toy, engine: Engine): Promise<void>;
  /** The server's own end of it; a drill of ours completes with a conclusion. */
  terminated?: true;
  expected: Pick<Conclusion, 'verdict' | 'restored'>;
}

const at = (key: string, more = '') => ` { url: "\${{ inputs.toy }}", key: ${key}${more && `, ${more}`} }`;

const status = (wanted: string) => (state: RunState) => state.steps.some((step) => step.status === wanted);
const waiting = (state: RunState) =>
  state.steps.some((step) => step.kind === 'toy/await' && step.status === 'running');

export const goldens: Golden[] = [
  {
    name: 'finished',
    runbook: `
name: finished
verify:
  - uses: toy/await
    with:${at('a', "value: '1'")}
steps:
  - id: users
    uses: toy/load
    background: true
    with:${at('d')}
  - id: each
    for-each: ['b', 'c']
    uses: toy/set
    with:
      url: \${{ inputs.toy }}
      key: \${{ item }}
      value: \${{ 'new-' + item }}
  - id: fault
    uses: toy/break
    fault: true
    approval: { within: 1m }
    with:${at('a')}
  - parallel:
      - id: seen
        uses: toy/await
        with:${at('b', 'value: new-b')}
      - uses: toy/await
        timeout: 20s
        with:${at('d', 'value: go')}
  - assert: steps.each.output.size() == 2 && steps.seen.output.looks >= 1
  - assert: window('users', '2s').availability == 1.0
  - if: inputs.toy == 'nowhere'
    uses: toy/set
    with:${at('d', "value: 'never'")}
recover:
  - undo: fault
  - uses: toy/await
    with:${at('a', "value: '1'")}
`,
    async meanwhile(drill, toy) {
      await drill.until(status('approval'));
      const word = { step: 'steps.fault', by: 'somebody', approved: true };
      await drill.handle.executeUpdate('approve', { args: [word] });
      await drill.until((state) => Object.values(state.traffic).flat().length > 0);
      toy.keys.get('d')!.value = 'go';
    },
    expected: { verdict: 'passed', restored: 'fully' },
  },
  {
    name: 'aborted',
    runbook: `
name: aborted
steps:
  - uses: toy/set
    with:${at('b', "value: '2'")}
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 60s
    with:${at('c', 'value: never')}
recover:
  - undo: fault
`,
    async meanwhile(drill) {
      await drill.until(waiting);
      await drill.handle.executeUpdate('abort', { args: [{ by: 'somebody', reason: 'enough' }] });
    },
    expected: { verdict: 'aborted', restored: 'fully' },
  },
  {
    name: 'asked-and-retried',
    runbook: `
name: asked-and-retried
steps:
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - id: waits
    uses: toy/await
    on-failure: ask
    timeout: 300ms
    with:${at('b', 'value: go')}
recover:
  - undo: fault
`,
    async meanwhile(drill, toy) {
      await drill.until(status('asking'));
      toy.keys.get('b')!.value = 'go';
      await drill.handle.executeUpdate('retry', { args: [{ step: 'steps.waits', by: 'somebody' }] });
    },
    expected: { verdict: 'passed', restored: 'fully' },
  },
  {
    name: 'parallel-failure',
    runbook: `
name: parallel-failure
steps:
  - parallel:
      - uses: toy/set
        with:${at('a', "value: '2'")}
      - uses: toy/await
        timeout: 60s
        with:${at('b', 'value: never')}
      - uses: toy/await
        timeout: 300ms
        with:${at('c', 'value: never')}
`,
    expected: { verdict: 'failed', restored: 'fully' },
  },
  {
    name: 'undone',
    runbook: `
name: undone
steps:
  - parallel:
      - uses: toy/set
        with:${at('b', "value: '2'")}
      - uses: toy/set
        with:${at('c', "value: '2'")}
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 300ms
    with:${at('d', 'value: never')}
`,
    expected: { verdict: 'failed', restored: 'fully' },
  },
  {
    name: 'terminated',
    runbook: `
name: terminated
steps:
  - uses: toy/set
    with:${at('b', "value: '2'")}
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 60s
    with:${at('c', 'value: never')}
recover:
  - undo: fault
  - uses: toy/set
    with:${at('d', 'value: recovered')}
`,
    async meanwhile(drill) {
      await drill.until(waiting);
      await drill.handle.terminate('lost');
    },
    terminated: true,
    expected: { verdict: 'broken', restored: 'partly' },
  },
];
