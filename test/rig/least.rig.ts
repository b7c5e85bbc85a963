/** Scenarios A and B, whole, by an account that has on each plane what `plan --permissions` prints, and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { KubeObject } from '../../activities/ports/plane.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { RbacObject } from '../../dsl/roles.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { calmly } from '../outside/calmly.ts';
import { checkoutIn } from '../outside/checkout.ts';
import { planeOf } from '../rights/account.ts';
import { tokenOf } from '../rights/token.ts';
import { openRig } from './fleet.ts';
import { rigKubeconfig } from './planes.ts';

const DRILL_WITHIN_MS = 420_000;
const PLAN_WITHIN_MS = 60_000;
const ATTEMPTS = 3;
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'firedrill-least-'));
const checkout = checkoutIn(join(dirname(rigKubeconfig()), '..', '..'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('least privilege on the rig', () => {
  test.each(['scenario-a', 'scenario-b'])(
    '%s passes with exactly the roles that its plan prints',
    async (runbook) => {
      const file = await fleetOf(runbook);
      const drill = async () => {
        const words = ['start', runbook, '--fleet', file];
        return { conclusion: (await checkout.ask<Conclusion>(DRILL_WITHIN_MS, ...words)).answer };
      };
      const { conclusion } = await calmly(drill, ATTEMPTS);
      expect(conclusion).toMatchObject({ verdict: 'passed', restored: 'fully', causes: [] });
    },
    ATTEMPTS * DRILL_WITHIN_MS + PLAN_WITHIN_MS,
  );
});

/** A fleet file like the rig's, by address, token and authority of the account that the plan's YAML makes. */
async function fleetOf(runbook: string): Promise<string> {
  const rig = openRig();
  const account = { namespace: 'firedrill-system', name: `least-${runbook}` };
  const words = [
    'plan',
    runbook,
    '--fleet',
    'rig',
    '--permissions',
    '--account',
    `${account.namespace}/${account.name}`,
  ];
  const { answer } = await checkout.ask<{ objects: Record<string, RbacObject[]> }>(PLAN_WITHIN_MS, ...words);
  const addresses: Record<string, object> = {};
  for (const [plane, objects] of Object.entries(answer.objects)) {
    const admin = planeOf(rig.ports, plane);
    for (const object of objects) await admin.apply(object as KubeObject, signal);
    writeFileSync(join(folder, `${plane}.token`), await tokenOf(admin, account));
    const { server, certificateAuthority } = admin.endpoint();
    writeFileSync(join(folder, `${plane}.crt`), Buffer.from(certificateAuthority!, 'base64'));
    addresses[plane] = {
      server,
      token: { file: `${plane}.token` },
      certificateAuthority: { file: `${plane}.crt` },
    };
  }
  const file = join(folder, `${runbook}.yaml`);
  writeFileSync(file, stringify(readdressed(rig.fleet, addresses), { keepUndefined: false }));
  return file;
}

function readdressed({ file: _, ...fleet }: Fleet, addresses: Record<string, object>): object {
  const at = (plane: object, name: string) => ({
    ...plane,
    kubeconfig: undefined,
    context: undefined,
    ...addresses[name],
  });
  const members = Object.entries(fleet.members).map(([name, member]) => [name, at(member, name)]);
  return {
    ...fleet,
    federation: at(fleet.federation!, 'federation'),
    members: Object.fromEntries(members),
  };
}
