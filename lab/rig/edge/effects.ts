/** What the faults that are in force mean for the doors, processes and pods of the rig. */
import type { Fault } from '../../faults.ts';
import type { PodLife } from '../stages.ts';
import type { DoorState } from './door-state.ts';

export interface Effects {
  /** By plane. */
  doors: Record<string, DoorState>;
  /** Processes that are killed and stay down. */
  held: Set<string>;
  frozen: Set<string>;
  /** By member. */
  lives: Record<string, PodLife>;
}

export interface RigShape {
  planes: string[];
  members: string[];
  /** Names of all processes, e.g. `aks1/kube-apiserver`, `karmada-scheduler`. */
  processes: string[];
  /** How pods of a member live without any fault. */
  usual(member: string): PodLife;
}

const SLOW_MS = 2_000;
const POD_START_SLOW_MS = 20_000;

export function effectsOf(faults: Fault[], { planes, members, processes, usual }: RigShape): Effects {
  const on = (kind: string, target: string) =>
    faults.find((fault) => fault.kind === kind && (fault.target === target || fault.target === '*'));

  function door(plane: string): DoorState {
    if (on('api-gone', plane)) return { kind: 'shut' };
    if (on('partition', plane)) return { kind: 'cut' };
    if (on('api-timeout', plane)) return { kind: 'silent' };
    if (on('api-reset', plane)) return { kind: 'reset' };
    const slow = on('api-slow', plane);
    return slow ? { kind: 'slow', delayMs: Number(slow.options['delayMs'] ?? SLOW_MS) } : { kind: 'open' };
  }

  function life(member: string): PodLife {
    const { startMs, pulls } = usual(member);
    const slow = on('pod-start-slow', member);
    return {
      startMs: startMs + (slow ? Number(slow.options['ms'] ?? POD_START_SLOW_MS) : 0),
      pulls: pulls && !on('image-pull', member),
    };
  }

  const frozen = faults
    .filter(({ kind }) => kind === 'frozen-controller')
    .flatMap(({ target, options }) =>
      (target === '*' ? planes : [target])
        .flatMap((plane) => controllersOf(plane, processes))
        .filter((name) => options['controller'] === undefined || shortName(name) === options['controller']),
    );
  return {
    doors: Object.fromEntries(planes.map((plane) => [plane, door(plane)])),
    held: new Set(planes.filter((plane) => on('api-gone', plane)).map(apiServerOf)),
    frozen: new Set(frozen),
    lives: Object.fromEntries(members.map((member) => [member, life(member)])),
  };
}

export const apiServerOf = (plane: string) => `${plane}/kube-apiserver`;

/** `kube-scheduler` of `aks1/kube-scheduler`. */
export const shortName = (process: string) => process.slice(process.indexOf('/') + 1);

/** Karmada's processes have names without a plane, and belong to the federation. Servers are no controllers. */
export function controllersOf(plane: string, processes: string[]): string[] {
  const servers = new Set(['etcd', 'kube-apiserver', 'karmada-aggregated-apiserver', 'karmada-webhook']);
  return processes.filter(
    (name) =>
      !servers.has(shortName(name)) &&
      (name.includes('/') ? name.startsWith(`${plane}/`) : plane === 'federation'),
  );
}
