/** A member joined by our own API calls and by `karmadactl join` leaves the same objects and the same rights. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeObject, Plane } from '../../activities/ports/plane.ts';
import { findBinaries } from '../../lab/rig/binaries.ts';
import { kindOf } from '../clusters/kinds.ts';
import { contextOf, look, perform } from '../clusters/sandbox.ts';
import { openRig } from './fleet.ts';
import { rigKubeconfig } from './planes.ts';

const MEMBER = 'k3s';
/** On what Karmada itself propagates to every member once it is joined, sooner or later: nobody's joining. */
const MANAGED = 'karmada.io/managed';
const WITHIN_MS = 180_000;
const { signal } = new AbortController();
const rig = openRig();

describe('joining on the rig', () => {
  let ours: Record<string, unknown>;
  let theirs: Record<string, unknown>;

  beforeAll(async () => {
    await unjoin();
    await perform(kindOf('karmada/join'), { cluster: MEMBER }, contextOf(rig));
    await ready();
    ours = await everything();
    await unjoin();
    await karmadactlJoin();
    await ready();
    theirs = await everything();
  }, WITHIN_MS);

  // Karmada keeps a client of the revoked credential for as long as it knows the Cluster.
  afterAll(async () => {
    await unjoin();
    await perform(kindOf('karmada/join'), { cluster: MEMBER }, contextOf(rig));
    await ready();
  }, WITHIN_MS);

  test('leaves on member and federation the objects that karmadactl leaves', () => {
    expect(ours).toEqual(theirs);
  });

  test('finds what karmadactl joined joined, its credential taken, and changes nothing', async () => {
    const { output } = await perform(kindOf('karmada/join'), { cluster: MEMBER }, contextOf(rig));
    expect(output).toEqual({ joined: false, renewed: false });
    expect(await everything()).toEqual(theirs);
  });

  test(
    'renews a revoked token: Karmada says only that the member is not reachable, then it is Ready again',
    async () => {
      const ref = {
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: 'karmada-cluster',
        name: `karmada-${MEMBER}`,
      };
      await rig.ports.member(MEMBER).remove({ ...ref, kind: 'ServiceAccount' }, signal);
      await look(
        kindOf('karmada/await-clusters'),
        { clusters: [MEMBER], ready: false },
        contextOf(rig, { withinMs: 100_000 }),
      );
      const cluster = (await rig.ports.federation().clusters(signal)).find(({ name }) => name === MEMBER);
      expect(cluster!.why).toMatch(/ClusterNotReachable/);
      const { output } = await perform(kindOf('karmada/join'), { cluster: MEMBER }, contextOf(rig));
      expect(output).toEqual({ joined: false, renewed: true });
      await ready();
    },
    WITHIN_MS,
  );
});

async function ready(): Promise<void> {
  const context = contextOf(rig, { withinMs: 60_000 });
  await look(kindOf('karmada/await-clusters'), { clusters: [MEMBER] }, context);
}

async function unjoin(): Promise<void> {
  await perform(kindOf('karmada/unjoin'), { cluster: MEMBER }, contextOf(rig, { withinMs: 60_000 }));
}

async function karmadactlJoin(): Promise<void> {
  const { found } = await findBinaries();
  if (found.karmadactl === undefined) throw new Error('karmadactl is missing: npx firedrill lab build');
  const kubeconfig = rigKubeconfig();
  const { region } = rig.fleet.members[MEMBER]!;
  execFileSync(found.karmadactl.path, [
    'join',
    MEMBER,
    ...['--kubeconfig', kubeconfig, '--karmada-context', 'federation'],
    ...['--cluster-kubeconfig', kubeconfig, '--cluster-context', MEMBER],
    ...(region === undefined ? [] : ['--cluster-region', region]),
  ]);
}

/** Every object that joining makes, without what differs from one join to the next: uids, times, tokens. */
async function everything(): Promise<Record<string, unknown>> {
  const member = rig.ports.member(MEMBER);
  const federation = rig.ports.federation();
  const rbac = 'rbac.authorization.k8s.io/v1';
  const own = (object: KubeObject) =>
    /^(karmada-(k3s|impersonator)|k3s(-impersonator)?|karmada-controller-manager:karmada-k3s)$/.test(
      object.metadata.name,
    );
  const from = async (plane: Plane, apiVersion: string, kind: string, namespace?: string) =>
    (await plane.list(apiVersion, kind, signal, namespace))
      .filter((object) => own(object) && object.metadata.labels?.[MANAGED] === undefined)
      .map((object) => [`${plane.name} ${kind} ${object.metadata.name}`, plain(object)]);
  const space = { apiVersion: 'v1', kind: 'Namespace', name: 'karmada-cluster' };
  const spaces = await Promise.all(
    [member, federation].map(async (plane) => [
      `${plane.name} Namespace`,
      plain((await plane.read(space, signal))!),
    ]),
  );
  const lists = await Promise.all([
    from(member, 'v1', 'ServiceAccount', space.name),
    from(member, 'v1', 'Secret', space.name),
    from(member, rbac, 'ClusterRole'),
    from(member, rbac, 'ClusterRoleBinding'),
    from(federation, 'v1', 'Secret', space.name),
    from(federation, 'cluster.karmada.io/v1alpha1', 'Cluster'),
  ]);
  return Object.fromEntries([...spaces, ...lists.flat()]);
}

function plain(object: KubeObject): unknown {
  const { metadata, status: _, data, ...rest } = object;
  const { name, labels, annotations, finalizers, ownerReferences } = metadata as typeof metadata & {
    finalizers?: string[];
  };
  return {
    ...rest,
    metadata: {
      name,
      // The API server marks a token with the day of its last use, sooner or later.
      labels: Object.keys(labels ?? {})
        .filter((key) => key !== 'kubernetes.io/legacy-token-last-used')
        .sort(),
      annotations: Object.keys(annotations ?? {}).sort(),
      finalizers,
      ownerReferences: ownerReferences?.map(({ uid: _uid, ...owner }) => owner),
    },
    ...(data && { data: Object.keys(data).sort() }),
  };
}
