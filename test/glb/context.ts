/** A step's context as a worker would give it, over the real adapters. */
import type { StepContext } from '../../activities/kind.ts';
import type { MemberCluster } from '../../activities/ports/member.ts';
import type { Ports } from '../../activities/ports/ports.ts';
import { openLoadBalancer } from '../../adapters/front-door/index.ts';
import { createRequester } from '../../adapters/http/requester.ts';
import { resolveValue } from '../../adapters/references.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Json } from '../../dsl/plan.ts';

export function contextOf(fleet: Fleet, change: Partial<StepContext> = {}): StepContext & { beats: Json[] } {
  const balancer = openLoadBalancer(fleet);
  const entry = (name: string) => {
    const { url, host } = fleet.members[name]!.entry;
    return { url: resolveValue(url, fleet.file), host };
  };
  const unused = () => {
    throw new Error('not used by these kinds');
  };
  const ports: Ports = {
    member: (name) => ({ entry: () => entry(name) }) as MemberCluster,
    federation: unused,
    inside: unused,
    loadBalancer: () => balancer,
    lab: unused,
    requester: createRequester(fleet),
    load: { open: unused },
    notifier: { notify: unused },
  };
  const beats: Json[] = [];
  return {
    fleet,
    ports,
    run: 'test-run',
    step: 'steps.test',
    runbook: 'test',
    victim: 'aks1',
    signal: AbortSignal.timeout(50_000),
    deadlineMs: Date.now() + 40_000,
    heartbeat: (progress) => beats.push(progress),
    previous: undefined,
    beginFault: () => undefined,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    beats,
    ...change,
  };
}
