/** Can the others take over? Found before anything is touched: room, start-up time, and the switches of Karmada. */
import { askableMembers, isByReport } from '../../dsl/askable.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Permission } from '../../dsl/kind.ts';
import { inParallel, PLANES_AT_ONCE } from '../in-parallel.ts';
import type { Finding, StepContext } from '../kind.ts';
import { selects } from '../kubernetes/budgets.ts';
import { listing } from '../kubernetes/inputs.ts';
import { type Free, freeOn, take } from '../kubernetes/room.ts';
import type { Binding, Cluster, Spread } from '../ports/federation.ts';
import type { Deployment, Pod, Resources } from '../ports/member.ts';
import { spreadBy } from './placement.ts';

interface Survivor {
  name: string;
  /** By namespace. */
  pods: Map<string, Pod[]>;
  free: Free[];
}

/** The rights of `survivorFindings`: what every tenant has there, and the others' room. */
export function survivorPermissions(victim: string, fleet: Fleet): Permission[] {
  if (!fleet.federation) return [];
  return [
    listing('federation', 'work.karmada.io', 'resourcebindings'),
    listing('federation', 'cluster.karmada.io', 'clusters'),
    listing('federation', 'apps', 'deployments'),
    ...askableMembers(fleet)
      .filter((name) => name !== victim)
      .flatMap((name) => [listing(name, '', 'nodes'), listing(name, '', 'pods')]),
  ];
}

/** Findings about losing `victim`, over the bindings of all tenants that have replicas on it. */
export async function survivorFindings(victim: string, context: StepContext): Promise<Finding[]> {
  if (!context.fleet.federation) return [];
  const federation = context.ports.federation();
  const [bindings, clusters, deployments, survivors] = await Promise.all([
    federation.bindings(context.signal),
    federation.clusters(context.signal),
    federation.list('apps/v1', 'Deployment', context.signal),
    inParallel(otherMembers(victim, context), PLANES_AT_ONCE, (name) => lookAt(name, context)),
  ]);
  const written = new Map(deployments.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  const hit = bindings.filter((one) => one.resource.kind === 'Deployment' && (one.spread[victim] ?? 0) > 0);
  return hit.flatMap((binding) => {
    const object = written.get(`${binding.namespace}/${binding.resource.name}`);
    const selector: Deployment['selector'] = object?.['spec']?.selector?.matchLabels ?? {};
    const own = survivors.map((one) => ({
      ...one,
      own: (one.pods.get(binding.namespace) ?? []).filter((pod) => selects(selector, pod.labels)),
    }));
    const after = without(binding, clusters, victim);
    return [
      ...roomFindings(binding, after, own),
      ...unknownRoom(binding, after, context),
      ...failoverFindings(
        binding,
        own.flatMap((one) => one.own),
        context,
      ),
    ];
  });
}

const otherMembers = (victim: string, context: StepContext): string[] =>
  askableMembers(context.fleet).filter((name) => name !== victim);

async function lookAt(name: string, context: StepContext): Promise<Survivor> {
  const member = context.ports.member(name);
  const [nodes, pods] = await Promise.all([member.nodes(context.signal), member.pods({}, context.signal)]);
  return { name, pods: Map.groupBy(pods, (pod) => pod.namespace), free: freeOn(nodes, pods) };
}

const without = (binding: Binding, clusters: Cluster[], victim: string): Spread | undefined =>
  spreadBy(
    binding.placement,
    clusters.filter((cluster) => cluster.name !== victim),
    binding.replicas,
    binding.resource.uid,
  );

function roomFindings(
  binding: Binding,
  spread: Spread | undefined,
  survivors: (Survivor & { own: Pod[] })[],
): Finding[] {
  const workload = `${binding.namespace}/${binding.resource.name}`;
  if (!spread) return [];
  const short = survivors.flatMap(({ name, free, own }) => {
    const more = (spread[name] ?? 0) - (binding.spread[name] ?? 0);
    const placed = more > 0 ? take(free, sizeOf(own, survivors), more) : 0;
    return placed < more ? [`${name} has room for ${placed} of ${more} more pods`] : [];
  });
  if (short.length === 0) return [];
  const cascade =
    binding.tolerationSeconds === undefined
      ? ''
      : `; with application failover Karmada then takes a second cluster down: after ${binding.tolerationSeconds} s the pods that find no place count as failed too`;
  return [
    {
      severity: 'warning',
      code: 'FD3040',
      where: workload,
      what: `${short.join(', ')}, by resource requests${cascade}`,
      remedy: 'Give the survivors more room, or the workload smaller requests',
    },
  ];
}

/** Members by report are not asked: that is told, not passed over. */
function unknownRoom(binding: Binding, spread: Spread | undefined, { fleet }: StepContext): Finding[] {
  const more = (name: string) => (spread?.[name] ?? 0) - (binding.spread[name] ?? 0);
  return Object.keys(fleet.members)
    .filter((name) => isByReport(fleet.members[name]!) && more(name) > 0)
    .map((name) => ({
      severity: 'unknown',
      code: 'FD3041',
      where: `${binding.namespace}/${binding.resource.name}`,
      what: `whether ${name} has room for ${more(name)} more pods is not known: nothing but its karmada-agent reaches its API`,
      remedy: 'Make sure of it yourself, inside',
    }));
}

/** Requests of its own pods there, or of its pods anywhere. */
function sizeOf(own: Pod[], survivors: { own: Pod[] }[]): Resources {
  return (own[0] ?? survivors.flatMap((one) => one.own)[0])?.requests ?? { cpu: 0, memory: 0 };
}

function failoverFindings(binding: Binding, pods: Pod[], context: StepContext): Finding[] {
  const { tolerationSeconds } = binding;
  const where = `${binding.namespace}/${binding.resource.name}`;
  if (tolerationSeconds === undefined)
    return [
      {
        severity: 'warning',
        code: 'FD3308',
        where,
        what: 'its policy has no application failover: when only its nodes are lost, Karmada moves nothing',
        remedy: 'Set spec.failover.application on the policy, or move it by karmada/evacuate',
      },
    ];
  return [...flagFindings(where, context), ...startupFindings(where, tolerationSeconds, pods)];
}

function flagFindings(where: string, context: StepContext): Finding[] {
  const { failover } = context.fleet.flags;
  if (failover === true) return [];
  return [
    {
      severity: failover === undefined ? 'unknown' : 'warning',
      code: failover === undefined ? 'FD3306' : 'FD3307',
      where,
      what:
        failover === undefined
          ? 'application failover needs the feature gate Failover of karmada-controller-manager, which no API shows'
          : 'the fleet file says that the feature gate Failover is off: its application failover does nothing',
      remedy:
        'Look at the flags of karmada-controller-manager and say `flags: { failover: true }` in the fleet file',
    },
  ];
}

function startupFindings(where: string, tolerationSeconds: number, pods: Pod[]): Finding[] {
  const slowestMs = Math.max(0, ...pods.map((pod) => pod.startupMs ?? 0));
  if (slowestMs < tolerationSeconds * 1000) return [];
  return [
    {
      severity: 'warning',
      code: 'FD3309',
      where,
      what: `its pods took up to ${slowestMs / 1000} s to start, its application failover waits ${tolerationSeconds} s: Karmada will call the new pods failed and move them on`,
      remedy: 'Raise tolerationSeconds well over the start-up time',
    },
  ];
}
