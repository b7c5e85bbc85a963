/** Opens the ports of a fleet. Nothing is connected, and no secret read, before it is needed. */
import { refused } from '../activities/failure.ts';
import type { Ports } from '../activities/ports/ports.ts';
import type { Fleet, Member } from '../dsl/fleet.ts';
import { nearest } from '../dsl/nearest.ts';
import { openLoadBalancer } from './front-door/index.ts';
import { createLoadClient } from './http/load.ts';
import { createRequester } from './http/requester.ts';
import { createFederation } from './karmada/federation.ts';
import { openKubeConfig } from './kubernetes/kubeconfig.ts';
import { createMemberCluster } from './kubernetes/member.ts';
import { createNotifier } from './notify/webhook.ts';
import { resolveValue } from './references.ts';

export function openPorts(fleet: Fleet): Ports {
  return {
    member: remember((name) => {
      const member = memberOf(fleet, name);
      const { url, host } = member.entry;
      return createMemberCluster(name, openKubeConfig(member, name, fleet), () => ({
        url: resolveValue(url, fleet.file),
        host,
      }));
    }),
    federation: once(() => {
      if (fleet.federation === undefined) throw noFederation(fleet);
      const config = openKubeConfig(fleet.federation, 'federation', fleet);
      return createFederation(Object.keys(fleet.members), config);
    }),
    loadBalancer: once(() => openLoadBalancer(fleet)),
    requester: createRequester(fleet),
    load: createLoadClient(fleet),
    notifier: createNotifier(fleet),
  };
}

function once<T>(open: () => T): () => T {
  let opened: { value: T } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}

function remember<T>(open: (name: string) => T): (name: string) => T {
  const opened = new Map<string, T>();
  return (name) => {
    const value = opened.get(name) ?? open(name);
    opened.set(name, value);
    return value;
  };
}

function memberOf(fleet: Fleet, name: string): Member {
  const member = fleet.members[name];
  if (member) return member;
  const names = Object.keys(fleet.members);
  const close = nearest(name, names);
  throw refused({
    code: 'FD3018',
    where: name,
    what: `fleet ${fleet.name} has no such member; it has ${names.join(', ')}`,
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'Add it to the fleet file',
  });
}

const noFederation = (fleet: Fleet) =>
  refused({
    code: 'FD3017',
    where: fleet.file,
    what: `fleet ${fleet.name} has no federation`,
    remedy: 'Add `federation` (the Karmada control plane) to the fleet file',
  });
