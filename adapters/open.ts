/** Opens the ports of a fleet. Nothing is connected, and no secret read, before it is needed. */
import { refused } from '../activities/failure.ts';
import type { Ports } from '../activities/ports/ports.ts';
import { isByReport } from '../dsl/askable.ts';
import type { Fleet, Member } from '../dsl/fleet.ts';
import { nearest } from '../dsl/nearest.ts';
import { openLoadBalancer } from './front-door/index.ts';
import { createLoadClient } from './http/load.ts';
import { createRequester } from './http/requester.ts';
import { createJobs } from './inside/job.ts';
import { createVantage } from './inside/vantage.ts';
import { createFederation } from './karmada/federation.ts';
import { openKubeConfig, stampOf } from './kubernetes/kubeconfig.ts';
import { createMemberByReport, createMemberCluster } from './kubernetes/member.ts';
import { createLab } from './lab/control.ts';
import { createNotifier } from './notify/webhook.ts';
import { resolveValue } from './references.ts';

export function openPorts(fleet: Fleet): Ports {
  const ports: Ports = {
    member: remember(
      (name) => stampOf(memberOf(fleet, name), fleet),
      (name) => {
        const member = memberOf(fleet, name);
        const { url, host } = member.entry;
        const entry = () => ({ url: resolveValue(url, fleet.file), host });
        if (isByReport(member)) return createMemberByReport(name, entry);
        const { config, origin } = openKubeConfig(member, name, fleet);
        return createMemberCluster(name, config, entry, origin);
      },
    ),
    federation: remembered(
      () => stampOf(federationOf(fleet), fleet),
      () => {
        const { config, origin } = openKubeConfig(federationOf(fleet), 'federation', fleet);
        return createFederation(Object.keys(fleet.members), config, origin);
      },
    ),
    inside(name) {
      const { inside } = memberOf(fleet, name);
      if (inside) return createVantage(fleet, inside);
      if (fleet.mcs) return createJobs(fleet, fleet.mcs.image, ports.member(name));
      throw noWayIn(name);
    },
    loadBalancer: once(() => openLoadBalancer(fleet)),
    lab: once(() => {
      if (fleet.lab === undefined) throw noLab(fleet);
      return createLab(fleet.lab, fleet.file);
    }),
    requester: createRequester(fleet),
    load: createLoadClient(fleet),
    notifier: createNotifier(fleet),
  };
  return ports;
}

function once<T>(open: () => T): () => T {
  let opened: { value: T } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}

/** Kept until its stamp changes: a credential that was renewed is taken without a new worker. */
function remember<T>(stamp: (name: string) => string, open: (name: string) => T): (name: string) => T {
  const opened = new Map<string, { stamp: string; value: T }>();
  return (name) => {
    const now = stamp(name);
    const known = opened.get(name);
    if (known?.stamp === now) return known.value;
    const value = open(name);
    opened.set(name, { stamp: now, value });
    return value;
  };
}

function remembered<T>(stamp: () => string, open: () => T): () => T {
  const find = remember(stamp, open);
  return () => find('');
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

function federationOf(fleet: Fleet): NonNullable<Fleet['federation']> {
  if (fleet.federation) return fleet.federation;
  throw refused({
    code: 'FD3017',
    where: fleet.file,
    what: `fleet ${fleet.name} has no federation`,
    remedy: 'Add `federation` (the Karmada control plane) to the fleet file',
  });
}

const noWayIn = (member: string) =>
  refused({
    code: 'FD3606',
    where: member,
    what: 'the fleet file does not say how to look from inside it',
    remedy: 'Set `mcs: { image: … }` in the fleet file, or `inside` of the member',
  });

const noLab = (fleet: Fleet) =>
  refused({
    code: 'FD8101',
    where: fleet.file,
    what: `fleet ${fleet.name} is no lab: nothing can break its parts`,
    remedy: 'Use a fleet with `lab`, or a fault that any cluster knows, such as kubernetes/drain',
  });
