/** Which of the lab's faults the rig can play, with which options, and on what. */
import { type Fault, faultKinds } from '../../faults.ts';

type FaultKind = (typeof faultKinds)[string];

/** What the rig does otherwise than the sandbox; `{}`: it is the same. */
const playable: Record<string, Partial<FaultKind>> = {
  'api-gone': { doc: 'the kube-apiserver is killed, and connections are refused' },
  partition: { doc: 'the API cannot be reached (connecting hangs) while the pods still serve' },
  'api-timeout': { options: {} },
  'api-slow': {
    doc: 'what the API server sends arrives late, on every connection',
    options: { delayMs: 'default 2000' },
  },
  'api-reset': { options: {} },
  'frozen-controller': {
    doc: 'a controller process is stopped (SIGSTOP) and keeps its connections',
    options: {
      controller:
        'kube-scheduler, kube-controller-manager, kwok, karmada-scheduler ...; default all of the plane',
    },
  },
  'pod-start-slow': {},
  'image-pull': {},
  'node-down': {},
};

/** In these the real API servers have no part. */
const sameEverywhere = new Set(['origin', 'pop', 'management']);

export const rigFaultKinds: Record<string, FaultKind> = Object.fromEntries(
  Object.entries(faultKinds)
    .filter(([name, { on }]) => Object.hasOwn(playable, name) || sameEverywhere.has(on))
    .map(([name, kind]) => [name, { ...kind, ...playable[name] }]),
);

/** What is there to break. */
export interface Targets {
  planes: string[];
  members: string[];
  pops: string[];
  /** `MEMBER/NODE` */
  nodes(): string[];
  /** Names that `frozen-controller` takes on a plane. */
  controllers(plane: string): string[];
}

/** @throws RangeError that says all that is wrong, and what there is instead. */
export function refuse(
  { kind, target, options }: Pick<Fault, 'kind' | 'target' | 'options'>,
  on: Targets,
): void {
  const can = Object.keys(rigFaultKinds).join(', ');
  if (!Object.hasOwn(faultKinds, kind))
    throw new RangeError(`there is no fault "${kind}"; the rig can: ${can}`);
  const known = rigFaultKinds[kind];
  if (known === undefined)
    throw new RangeError(
      `the rig cannot play ${kind}, only the sandbox can: it would have to change what a real API server answers, under its TLS; the rig can: ${can}`,
    );
  const wrong = [
    ...wrongTarget(kind, target, targetsOf(kind, known.on, on)),
    ...wrongOptions(kind, options, known.options ?? {}),
    ...(kind === 'frozen-controller' ? wrongController(target, options['controller'], on) : []),
  ];
  if (wrong.length > 0) throw new RangeError(wrong.join('; '));
}

function targetsOf(kind: string, part: FaultKind['on'], on: Targets): string[] {
  if (part === 'management') return ['front-door'];
  if (part === 'pop') return on.pops;
  if (part === 'node') return on.nodes();
  return part === 'origin' || kind === 'pod-start-slow' || kind === 'image-pull' ? on.members : on.planes;
}

function wrongTarget(kind: string, target: string, there: string[]): string[] {
  if (target === '*' || there.includes(target)) return [];
  return [`${kind} has no target "${target}"; there are: ${there.join(', ')}, and * for all`];
}

function wrongOptions(kind: string, options: Fault['options'], known: Record<string, string>): string[] {
  return Object.keys(options)
    .filter((option) => !Object.hasOwn(known, option))
    .map((option) => {
      const takes = Object.keys(known).join(', ') || 'none';
      return `${kind} has no option "${option}" on the rig; it takes: ${takes}`;
    });
}

function wrongController(target: string, controller: unknown, on: Targets): string[] {
  const there = new Set((target === '*' ? on.planes : [target]).flatMap((plane) => on.controllers(plane)));
  if (controller === undefined || there.has(controller as string)) return [];
  return [`${target} has no controller "${controller}"; there are: ${[...there].join(', ')}`];
}
