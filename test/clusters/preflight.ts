/** What preflight finds before anything is touched, on any tier: each trouble is made, found, and taken away again. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { preflight } from '../../activities/engine/preflight.ts';
import type { Finding } from '../../activities/kind.ts';
import { catalogue, registry } from '../../activities/registry.ts';
import { compile } from '../../dsl/compile.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { kindOf } from './kinds.ts';
import { contextOf, perform, type Sandbox, undo } from './sandbox.ts';

export type Tier = Pick<Sandbox, 'fleet' | 'ports'> & { close(): Promise<void> };

const WITHIN_MS = 120_000;
const { signal } = new AbortController();

/** @param open a fleet on which hello is steady by static weights. */
export function preflightSuite(name: string, open: () => Promise<Tier>): void {
  describe(`preflight: ${name}`, () => {
    let tier: Tier | undefined;
    beforeAll(async () => {
      tier = await open();
    }, WITHIN_MS);
    afterAll(() => tier?.close());

    test('a healthy fleet: what will be hit, and that its policy moves nothing by itself', async () => {
      const findings = await drainFindings(tier!);
      expect(codes(findings, 'error')).toEqual([]);
      expect(findings).toContainEqual(expect.objectContaining({ code: 'FD3201', severity: 'ok' }));
      expect(findings).toContainEqual(expect.objectContaining({ code: 'FD3308', where: 'demo/hello' }));
    });

    test.each([
      { flags: {}, code: 'FD3306', severity: 'unknown' },
      { flags: { failover: true }, code: 'FD3306', severity: 'unknown' },
      { flags: { failover: true, noExecuteTaintEviction: false }, code: 'FD3307', severity: 'error' },
      { flags: { failover: false, noExecuteTaintEviction: true }, code: 'FD3307', severity: 'error' },
    ])('controller flags $flags: $severity, never silence', async ({ flags, code, severity }) => {
      const kind = kindOf('karmada/evacuate');
      const given = { workload: 'deployment/hello', cluster: 'aks1', by: 'taint' };
      const { ports, fleet } = tier!;
      const context = contextOf({ ports, fleet: { ...fleet, flags } as Fleet }, { victim: 'aks1' });
      const findings = await kind.preflight!(kind.input.parse(given), context);
      expect(findings).toContainEqual(expect.objectContaining({ code, severity, where: 'aks1' }));
    });

    test('survivors without room', async () => {
      const full = await perform(kindOf('kubernetes/cordon'), { cluster: 'aks2' }, contextOf(tier!));
      const findings = await drainFindings(tier!);
      await undo(full, contextOf(tier!));
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'FD3040',
          where: 'demo/hello',
          what: expect.stringContaining('aks2 has room for 0 of 4 more pods'),
        }),
      );
      expect(codes(await drainFindings(tier!), 'warning')).not.toContain('FD3040');
    });

    test('a disruption budget that can never be met, with its arithmetic', async () => {
      const ref = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'hello', namespace: 'demo' };
      const { apiVersion, kind, name: called, namespace } = ref;
      const member = tier!.ports.member('aks1');
      const spec = { minAvailable: 4, selector: { matchLabels: { app: 'hello' } } };
      await member.create({ apiVersion, kind, metadata: { name: called, namespace }, spec }, signal);
      while (
        (await member.disruptionBudgets(signal)).find((one) => one.name === called)?.desiredHealthy !== 4
      )
        await new Promise((resolve) => setTimeout(resolve, 50));
      const findings = await drainFindings(tier!);
      await member.remove(ref, signal);
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'FD3202',
          severity: 'error',
          where: 'aks1',
          what: expect.stringMatching(/demo\/hello can never be met: minAvailable 4 of 5 pods/),
        }),
      );
    });

    test('a control plane, Temporal and workers on the victim', async () => {
      const { fleet } = tier!;
      const hosted: Fleet = {
        ...fleet,
        federation: { ...fleet.federation!, on: 'aks1' },
        hosts: { temporal: 'aks1', workers: ['aks1'] },
      };
      const findings = await planFindings(hosted, tier!);
      expect(
        findings.filter(({ where }) => where === 'aks1').map(({ code, severity }) => [code, severity]),
      ).toEqual(
        expect.arrayContaining([
          ['FD6017', 'error'],
          ['FD6018', 'warning'],
        ]),
      );
      expect(codes(await planFindings(fleet, tier!), 'error')).toEqual([]);
    });
  });
}

const codes = (findings: Finding[], severity: Finding['severity']) =>
  findings.filter((one) => one.severity === severity).map(({ code }) => code);

function drainFindings(tier: Tier): Promise<Finding[]> {
  const kind = kindOf('kubernetes/drain');
  return kind.preflight!(kind.input.parse({ cluster: 'aks1' }), contextOf(tier, { victim: 'aks1' }));
}

/** Of a whole Plan that drains aks1. */
async function planFindings(fleet: Fleet, { ports }: Tier): Promise<Finding[]> {
  const text = 'name: drill\nsteps:\n  - { uses: kubernetes/drain, with: { cluster: aks1 } }\n';
  const file = 'runbooks/drill.yaml';
  const { plan, problems } = compile({
    file,
    text,
    catalogue,
    fleet,
    inputs: {},
    read: () => '',
    list: () => [],
  });
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return preflight(
    { ...plan, victim: 'aks1' },
    {
      kinds: new Map(registry.map((kind) => [kind.name, kind])),
      ports,
      signal,
      contextOf: (step) => contextOf({ fleet, ports }, { step, victim: 'aks1' }),
    },
  );
}
