import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { blackoutReasons, guard } from '../../activities/engine/guard.ts';
import { defineKind, type Finding, type StepContext } from '../../activities/kind.ts';
import type { Guard, Plan } from '../../dsl/plan.ts';

const pod = (namespace: string) => ({ namespace });
const binding = (cluster: string) => ({ spread: { [cluster]: 1 } });

/** A cluster with three pods of two tenants, and a federation with two bindings on it. */
const context = {
  signal: new AbortController().signal,
  ports: {
    member: () => ({ pods: async () => [pod('demo'), pod('demo'), pod('shop')] }),
    federation: () => ({ bindings: async () => [binding('a'), binding('a'), binding('b')] }),
  },
} as unknown as StepContext;

function act(findings: Finding[] = []) {
  const kind = defineKind({
    name: 'test/hit',
    version: 1,
    summary: '',
    doc: '',
    example: {},
    input: z.object({}),
    output: z.null(),
    effect: 'disrupts',
    timeoutMs: 1,
    permissions: () => [],
    blast: () => ({ clusters: ['a'], namespaces: 'all', note: '' }),
    preflight: async () => findings,
    look: async () => null,
  });
  return { step: 'steps.fault', kind, input: {} };
}

const under = (guards: Partial<Guard>, findings?: Finding[]) =>
  guard(
    {
      guard: { survivorCapacity: false, blackout: [], ...guards },
      fleet: { members: { a: {}, b: { mode: 'pull' } } },
    } as unknown as Plan,
    act(findings),
    context,
  );

const finding = (severity: Finding['severity'], code: string): Finding => ({
  severity,
  code,
  where: 'a',
  what: `${severity} ${code}`,
  remedy: '',
});

describe('a guard right before a disrupting act', () => {
  test('lets through what it does not forbid', async () => {
    await expect(under({})).resolves.toBeUndefined();
    await expect(
      under({ allow: ['a'], blast: { pods: 3, namespaces: 2, bindings: 2 } }),
    ).resolves.toBeUndefined();
  });

  test('refuses a cluster that is not in the allow list', async () => {
    await expect(under({ allow: ['b'] })).rejects.toThrow(/a is not in the allow list/);
  });

  test('counts all tenants on the cluster itself, and names every limit that is passed', async () => {
    await expect(under({ blast: { pods: 2, namespaces: 1, bindings: 1 } })).rejects.toThrow(
      /3 pods, the limit is 2; .*2 namespaces, the limit is 1; .*2 bindings, the limit is 1/,
    );
  });

  test('refuses what the kind’s own checks find now, also room only where it is asked for', async () => {
    await expect(under({}, [finding('error', 'FD3203')])).rejects.toThrow(/error FD3203/);
    const noRoom = [finding('warning', 'FD3040')];
    await expect(under({}, noRoom)).resolves.toBeUndefined();
    await expect(under({ survivorCapacity: true }, noRoom)).rejects.toThrow(/warning FD3040/);
  });
});

test('a blackout is a cron time and a length, in its own time zone', () => {
  const guards = {
    survivorCapacity: false,
    blackout: [{ cron: '0 0 23 12 *', timezone: 'Asia/Seoul', forMs: 24 * 3_600_000, reason: 'freeze' }],
  };
  const reasons = (time: string) => blackoutReasons(guards, new Date(time)).length;
  expect(reasons('2026-12-22T14:59:00Z')).toBe(0);
  expect(reasons('2026-12-22T15:01:00Z')).toBe(1);
  expect(reasons('2026-12-23T14:59:00Z')).toBe(1);
  expect(reasons('2026-12-23T15:01:00Z')).toBe(0);
});
