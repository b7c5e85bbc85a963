/** A ServiceAccount on every plane of a fleet that may do exactly what it is granted, and ports that act as it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject, Plane } from '../../activities/ports/plane.ts';
import type { Ports } from '../../activities/ports/ports.ts';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Permission } from '../../dsl/kind.ts';
import { LOCK } from '../../dsl/lock.ts';
import { roleObjects } from '../../dsl/roles.ts';
import { type Asked, type Recorder, startRecorder } from './recorder.ts';
import { tokenOf } from './token.ts';

/** A fleet and the ports of somebody who may do everything on it. */
export interface Tier {
  fleet: Fleet;
  ports: Ports;
}

export interface Granted extends Tier {
  /** Everything that was asked since it was last emptied. */
  asked: Asked[];
  /** Takes one verb of one permission away, and waits until the API server knows. */
  without(permission: Permission, verb: string): Promise<void>;
  /** Gives back what `without` took. */
  whole(permission: Permission, verb: string): Promise<void>;
  close(): Promise<void>;
}

const { signal } = new AbortController();

/** @param permissions merged. */
export async function grant(tier: Tier, name: string, permissions: Permission[]): Promise<Granted> {
  const planes = [...Object.keys(tier.fleet.members), 'federation'];
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-rights-'));
  const account = { namespace: LOCK.namespace, name };
  const asked: Asked[] = [];
  const recorders: Record<string, Recorder> = {};
  const tokens: Record<string, string> = {};
  const apply = async (plane: string, rights: Permission[]) => {
    for (const object of everyRole(name, of(permissions, plane), of(rights, plane), account))
      await planeOf(tier.ports, plane).apply(object, signal);
  };
  await Promise.all(
    planes.map(async (plane) => {
      await apply(plane, permissions);
      const admin = planeOf(tier.ports, plane);
      recorders[plane] = await startRecorder(plane, admin.endpoint(), (one) => asked.push(one));
      tokens[plane] = await tokenOf(admin, account);
    }),
  );
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    kubeconfigOf(planes.map((plane) => ({ plane, server: recorders[plane]!.url, token: tokens[plane]! }))),
  );
  const ports = openPorts(withKubeconfig(tier.fleet, kubeconfig));
  const turned = async (permission: Permission, verb: string, allowed: boolean) => {
    const { plane } = permission;
    const rights = allowed ? permissions : less(permissions, permission, verb);
    await apply(plane, rights);
    for (;;) {
      const grants = await planeOf(ports, plane).allowed({ ...permission, verbs: [verb] }, signal);
      if (grants[0]?.allowed === allowed) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return {
    fleet: tier.fleet,
    ports: {
      ...ports,
      member: (one) => ({ ...ports.member(one), endpoint: tier.ports.member(one).endpoint }),
    },
    asked,
    without: (permission, verb) => turned(permission, verb, false),
    whole: (permission, verb) => turned(permission, verb, true),
    async close() {
      await Promise.all(Object.values(recorders).map((recorder) => recorder.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

const of = (permissions: Permission[], plane: string) => permissions.filter((one) => one.plane === plane);

export const planeOf = (ports: Ports, plane: string): Plane =>
  plane === 'federation' ? ports.federation() : ports.member(plane);

/** The roles of all permissions, with the rules of some: one that has none left stays, and grants nothing. */
function everyRole(
  name: string,
  all: Permission[],
  some: Permission[],
  account: { namespace: string; name: string },
): KubeObject[] {
  const left = roleObjects(name, some, account);
  return roleObjects(name, all, account).map((object) => {
    const { kind, metadata } = object;
    const now = left.find((one) => one.kind === kind && one.metadata.namespace === metadata.namespace);
    return object.rules === undefined ? object : { ...object, rules: now?.rules ?? [] };
  }) as KubeObject[];
}

function less(permissions: Permission[], permission: Permission, verb: string): Permission[] {
  return permissions.flatMap((one) => {
    if (one !== permission) return [one];
    const verbs = one.verbs.filter((other) => other !== verb);
    return verbs.length === 0 ? [] : [{ ...one, verbs }];
  });
}

/** Insecure, since a recorder on this machine speaks plain HTTP. */
function kubeconfigOf(planes: { plane: string; server: string; token: string }[]): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: planes.map(({ plane, server }) => ({
      name: plane,
      cluster: { server, 'insecure-skip-tls-verify': true },
    })),
    users: planes.map(({ plane, token }) => ({ name: plane, user: { token } })),
    contexts: planes.map(({ plane }) => ({ name: plane, context: { cluster: plane, user: plane } })),
  });
}

function withKubeconfig(fleet: Fleet, kubeconfig: string): Fleet {
  const members = Object.entries(fleet.members).map(([context, member]) => [
    context,
    { ...member, kubeconfig, context },
  ]);
  return {
    ...fleet,
    federation: { ...fleet.federation!, kubeconfig, context: 'federation' },
    members: Object.fromEntries(members),
  };
}
