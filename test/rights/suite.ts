/**
 * Least privilege, held on any tier: with exactly the rights a kind says it needs, nothing is refused; each of them
 * is used; and with any one verb taken away the step ends `refused`, saying what is missing and where, and preflight
 * finds it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissionFindings } from '../../activities/engine/permissions.ts';
import type { FailureDetails } from '../../activities/failure.ts';
import type { Permission } from '../../dsl/kind.ts';
import { mergePermissions } from '../../dsl/permissions.ts';
import { type Granted, grant, type Tier } from './account.ts';
import type { Case, Phase } from './phases.ts';
import { phasesOf } from './phases.ts';
import { isFor } from './recorder.ts';

export interface OpenTier extends Tier {
  close(): Promise<void>;
}

interface Right {
  permission: Permission;
  verb: string;
}

const CASE_WITHIN_MS = 120_000;
const { signal } = new AbortController();

/** @param settle brings the fleet to where every case begins; called before each round of phases. */
export function rightsSuite(
  name: string,
  open: () => Promise<OpenTier>,
  cases: Case[],
  settle: (admin: Tier) => Promise<void>,
): void {
  describe(`rights: ${name}`, () => {
    let admin: OpenTier | undefined;
    beforeAll(async () => {
      admin = await open();
    }, CASE_WITHIN_MS);
    afterAll(() => admin?.close());

    it.each(cases)('$title', (one) => hold(one, admin!, settle), CASE_WITHIN_MS);
  });
}

async function hold(one: Case, admin: Tier, settle: (admin: Tier) => Promise<void>): Promise<void> {
  const rights = kubernetesRights(one, admin);
  const account = await grant(admin, `rights-${one.title.replace(/\W+/g, '-')}`, rights);
  try {
    await settle(admin);
    const firstUse = await record(one, account, admin, everyVerb(rights));
    const unused = everyVerb(rights).filter((right) => !firstUse.has(textOf(right)));
    expect(unused.map(textOf)).toEqual([]);
    await settle(admin);
    await takeAway(one, account, admin, everyVerb(rights), firstUse);
  } finally {
    await account.close();
  }
}

const kubernetesRights = ({ kind, with: given }: Case, { fleet }: Tier): Permission[] =>
  mergePermissions(kind.permissions(kind.input.parse(given), fleet)).filter((one) => one.plane !== 'azure');

const everyVerb = (permissions: Permission[]): Right[] =>
  permissions.flatMap((permission) => permission.verbs.map((verb) => ({ permission, verb })));

const textOf = ({ permission: { plane, group, resource, namespace, names }, verb }: Right) =>
  [plane, verb, `${group}/${resource}`, namespace ?? '*', ...(names ?? [])].join(' ');

/** Where a right was used first: later uses in the same phase come after it, so they are tried later too. */
interface Use {
  phase: string;
  at: number;
}

/** All phases with all rights. */
async function record(one: Case, account: Granted, admin: Tier, rights: Right[]): Promise<Map<string, Use>> {
  const firstUse = new Map<string, Use>();
  for (const phase of phasesOf(one)) {
    await one.meanwhile?.[phase.name]?.(admin);
    account.asked.length = 0;
    await phase.run(account);
    const asked = [...account.asked];
    expect(asked.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    for (const right of rights.filter((each) => !firstUse.has(textOf(each)))) {
      const at = asked.findIndex((each) => isFor(each, right.permission, right.verb));
      if (at >= 0) firstUse.set(textOf(right), { phase: phase.name, at });
    }
  }
  return firstUse;
}

/** Each phase once for every right that it is the first to use, without it, and then with all of them. */
async function takeAway(
  one: Case,
  account: Granted,
  admin: Tier,
  rights: Right[],
  firstUse: Map<string, Use>,
): Promise<void> {
  for (const phase of phasesOf(one)) {
    await one.meanwhile?.[phase.name]?.(admin);
    const first = rights.filter((each) => firstUse.get(textOf(each))!.phase === phase.name);
    const at = (right: Right) => firstUse.get(textOf(right))!.at;
    for (const right of first.sort((one, other) => at(one) - at(other))) {
      await account.without(right.permission, right.verb);
      await expectRefused(phase, right, account);
      await expectFound(right, account);
      await account.whole(right.permission, right.verb);
    }
    await phase.run(account);
  }
}

async function expectRefused(phase: Phase, right: Right, account: Granted): Promise<void> {
  const { permission, verb } = right;
  const ended = await phase.run(account).then(
    () => ({ type: 'done', details: [] }),
    (error) => error,
  );
  const said: FailureDetails | undefined = ended.details?.[0];
  expect({ right: textOf(right), phase: phase.name, ended: ended.type, code: said?.code }).toEqual({
    right: textOf(right),
    phase: phase.name,
    ended: 'refused',
    code: expect.stringMatching(/^FD(3005|3402)$/),
  });
  expect(said!.where).toBe(permission.plane);
  expect(said!.what.toLowerCase()).toMatch(wordOf(permission.resource));
  if (verb !== 'escalate' && verb !== 'bind') expect(said!.what).toContain(verb);
  expect(said!.remedy).toMatch(/^Grant .*\S on \S/);
}

/** `propagationpolicies` → `propagationpolic`: as part of the kind or of the resource. */
const wordOf = (resource: string) => new RegExp(resource.split('/')[0]!.replace(/(ies|es|s)$/, ''));

async function expectFound({ permission, verb }: Right, account: Granted): Promise<void> {
  const findings = await permissionFindings([permission], account.ports, signal);
  expect(findings).toMatchObject([
    {
      severity: 'error',
      code: 'FD6021',
      where: permission.plane,
      what: expect.stringContaining(`not allowed: ${verb} ${permission.resource}`),
    },
  ]);
}
