/** k3s at home: its own agent registers it, nothing else reaches its API, its entry point is reached by a tunnel. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { preflight } from '../../activities/engine/preflight.ts';
import { registry } from '../../activities/registry.ts';
import { LANGUAGE, type Plan } from '../../dsl/plan.ts';
import { kindOf } from './kinds.ts';
import {
  contextOf,
  deploy,
  look,
  openSandbox,
  perform,
  quickFailover,
  type Sandbox,
  undo,
} from './sandbox.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox(undefined, { failureThresholdMs: 300, statusEveryMs: 300 }, ['k3s']);
  await deploy(sandbox, quickFailover());
});
afterAll(() => sandbox.close());

const refusal = (error: unknown) => (error as { details: { code: string; remedy: string }[] }).details[0];
const spreadOf = (expect: string) =>
  look(
    kindOf('karmada/await-spread'),
    { workload: 'deployment/hello', expect },
    contextOf(sandbox, { victim: 'aks1' }),
  );

const planOf = (fleet: Sandbox['fleet']): Plan => {
  const sections = { setup: [], verify: [], steps: [], recover: [] };
  return { language: LANGUAGE, fleet, guard: {}, sections } as unknown as Plan;
};

const findingsOn = async (name: string, { fleet, ports }: Pick<Sandbox, 'fleet' | 'ports'> = sandbox) => {
  const contextFor = () => contextOf(sandbox);
  const kinds = new Map(registry.map((kind) => [kind.name, kind]));
  const found = await preflight(planOf(fleet), { kinds, ports, signal, contextOf: contextFor });
  return found.filter((one) => one.where === name);
};

describe('a member in pull mode, whose API nothing reaches', () => {
  test('has joined by its own agent, and gave nobody a credential', async () => {
    const cluster = (await sandbox.ports.federation().clusters(signal)).find(({ name }) => name === 'k3s');
    expect(cluster).toMatchObject({ syncMode: 'Pull', ready: true });
    const joined = await perform(kindOf('karmada/join'), { cluster: 'k3s' }, contextOf(sandbox));
    expect(joined.output.joined).toBe(false);
    expect(await undo(joined, contextOf(sandbox))).toEqual({ done: true, restored: 'fully' });
  });

  test('is known by report, and a spread says so', async () => {
    const steady = await spreadOf('steady');
    expect(steady.ready).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
    expect(steady.byReport).toEqual(['k3s']);
  });

  test('is told by preflight as what it is, room on it included', async () => {
    const [reach] = await findingsOn('k3s');
    expect(reach).toMatchObject({ severity: 'ok', code: 'FD6026' });
    const drain = kindOf('kubernetes/drain');
    const room = await drain.preflight?.(drain.input.parse({ cluster: 'aks1' }), contextOf(sandbox));
    expect(room).toContainEqual(expect.objectContaining({ severity: 'unknown', code: 'FD3041' }));
  });

  test('answers nothing but its entry point', async () => {
    const member = sandbox.ports.member('k3s');
    expect(member.entry().host).toBe('hello.example.com');
    await expect(member.nodes(signal)).rejects.toThrow(/out of reach/);
    expect(() => member.endpoint()).toThrow(/out of reach/);
  });

  test('takes its share when another is lost', async () => {
    await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, contextOf(sandbox));
    const after = await spreadOf('without-victim');
    expect(after.spread).toEqual({ aks2: 7, k3s: 2 });
    expect(after.ready).toEqual({ aks1: 0, aks2: 7, k3s: 2 });
  });

  test('that has not registered, or is in push mode, is an error with its way out', async () => {
    const { fleet } = sandbox;
    const entry = fleet.members['k3s']!;
    const members = { ...fleet.members, home: entry, aks2: { ...entry } };
    const other = { ...sandbox, fleet: { ...fleet, members } };
    expect(await findingsOn('home', other)).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'FD3331',
        remedy: expect.stringMatching(/FIREDRILL_LAB_PULL=home/),
      }),
    ]);
    expect(await findingsOn('aks2', other)).toEqual([
      expect.objectContaining({ severity: 'error', code: 'FD3332', what: expect.stringMatching(/Push/) }),
    ]);
    const context = { ...contextOf(sandbox), fleet: other.fleet };
    const join = await perform(kindOf('karmada/join'), { cluster: 'home' }, context).catch(refusal);
    expect(join).toMatchObject({ code: 'FD3331' });
  });

  test('is not Ready when its network is cut, with what Karmada says of a silent agent', async () => {
    sandbox.world.faults.add({ kind: 'partition', target: 'k3s' });
    const waited = await look(
      kindOf('karmada/await-clusters'),
      { clusters: ['k3s'], ready: false },
      contextOf(sandbox, { withinMs: 50_000 }),
    );
    expect(waited.clusters).toEqual(['k3s']);
    expect((await findingsOn('k3s'))[0]).toMatchObject({ severity: 'warning', code: 'FD6026' });
  });
});
