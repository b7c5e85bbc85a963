/** The faults a lab can be asked for, and what a drill must know of each; a test holds this and the lab together. */
import type { Fleet } from '../../dsl/fleet.ts';
import type { Blast, InputProblem } from '../../dsl/kind.ts';
import { nearest } from '../../dsl/nearest.ts';

export interface FaultKind {
  /** What it is set upon. */
  on: 'api' | 'cluster' | 'node' | 'origin' | 'pop' | 'management';
  /** Names of its options. */
  options?: readonly string[];
  /** Whom a drill can ask whether it bites; the others only the lab itself can tell of. */
  shows?: 'api' | 'entry';
}

export const FEDERATION = 'federation';
const FRONT_DOOR = 'front-door';

export const faultKinds = {
  'api-429': { on: 'api', options: ['retryAfter', 'verbs'], shows: 'api' },
  'api-500': { on: 'api', options: ['verbs'], shows: 'api' },
  'api-timeout': { on: 'api', options: ['verbs'], shows: 'api' },
  'api-slow': { on: 'api', options: ['delayMs', 'verbs'] },
  'api-reset': { on: 'api', options: ['verbs'], shows: 'api' },
  'api-gone': { on: 'api', shows: 'api' },
  partition: { on: 'api', shows: 'api' },
  'stale-status': { on: 'api' },
  'frozen-controller': { on: 'cluster', options: ['controller'] },
  'pod-start-slow': { on: 'cluster', options: ['ms'] },
  'image-pull': { on: 'cluster' },
  'node-down': { on: 'node' },
  'origin-503': { on: 'origin', shows: 'entry' },
  'origin-refuse': { on: 'origin', shows: 'entry' },
  'origin-reset': { on: 'origin', shows: 'entry' },
  'origin-blackhole': { on: 'origin', shows: 'entry' },
  'origin-slow': { on: 'origin', options: ['delayMs'] },
  'origin-no-identity': { on: 'origin', shows: 'entry' },
  'pop-stuck': { on: 'pop' },
  'pop-probes-fail': { on: 'pop' },
  'management-429': { on: 'management', options: ['retryAfter'] },
  'management-500': { on: 'management' },
  'management-operation-fails': { on: 'management' },
  'management-slow-rollout': { on: 'management', options: ['delayMs'] },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;
export const faultNames = Object.keys(faultKinds) as [FaultName, ...FaultName[]];
export const kindOfFault = (fault: string): FaultKind => faultKinds[fault as FaultName];

/** The member a target is, or is part of; undefined for the federation and the load balancer. */
export function memberOf(fault: FaultName, target: string): string | undefined {
  const { on } = kindOfFault(fault);
  if (on === 'pop' || on === 'management' || target === FEDERATION) return undefined;
  return on === 'node' ? target.split('/')[0] : target;
}

export function blastOf(fault: FaultName, target: string): Blast {
  const member = memberOf(fault, target);
  if (member !== undefined)
    return { clusters: [member], namespaces: 'all', note: `${fault} on ${target}, for all tenants` };
  const note =
    target === FEDERATION
      ? `${fault} on the federation: what it places, mends and reports, for all tenants`
      : `${fault} on ${target}: users of every cluster`;
  return { clusters: [], namespaces: 'all', note };
}

export function misplaced(fault: FaultName, target: string, fleet: Fleet): InputProblem[] {
  const known = targetsOf(fault, target, fleet);
  if (known === undefined || known.includes(target)) return [];
  return [
    {
      path: ['target'],
      found: target,
      expected: `for ${fault}: ${known.join(', ')}`,
      nearest: nearest(target, known),
      remedy: 'Name what the fault is set upon',
    },
  ];
}

/** Undefined when only the lab knows them. */
function targetsOf(fault: FaultName, target: string, fleet: Fleet): string[] | undefined {
  const members = Object.keys(fleet.members);
  switch (kindOfFault(fault).on) {
    case 'api':
    case 'cluster':
      return fleet.federation ? [...members, FEDERATION] : members;
    case 'origin':
      return members;
    case 'node': {
      const [member = '', node] = target.split('/');
      return members.includes(member) && node ? undefined : members.map((name) => `${name}/NODE`);
    }
    case 'management':
      return [FRONT_DOOR];
    case 'pop':
      return undefined;
  }
}

export function unknownOptions(fault: FaultName, options: Record<string, unknown>): InputProblem[] {
  const known = kindOfFault(fault).options ?? [];
  return Object.keys(options).flatMap((name) =>
    known.includes(name)
      ? []
      : [
          {
            path: ['options', name],
            found: name,
            expected: known.length > 0 ? `of ${fault}: ${known.join(', ')}` : `no option: ${fault} has none`,
            nearest: nearest(name, [...known]),
            remedy: 'Correct or remove it',
          },
        ],
  );
}
