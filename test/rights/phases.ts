/** A step, verb by verb, as phases that can be tried: with all rights, or with one taken away. */
import type { ActKind, Kind, LookKind, StepContext } from '../../activities/kind.ts';
import type { Json } from '../../dsl/plan.ts';
import { contextOf } from '../clusters/sandbox.ts';
import type { Tier } from './account.ts';

export interface Phase {
  name: string;
  run(tier: Tier): Promise<unknown>;
}

export interface Case {
  title: string;
  kind: Kind;
  /** As an author writes it. */
  with: object;
  victim?: string;
  /** Of a wait: what else is looked for, in order, before `with`; `inVain` never comes, so that it has to watch. */
  looks?: { name: string; with: object; inVain?: true }[];
  /** Of an act: done once more after it, from a snapshot of its own, as the next run would. */
  again?: true;
  /** What happens to the fleet by other hands, before the phase of this name; done once. */
  meanwhile?: Record<string, (admin: Tier) => Promise<void>>;
  /** The fault began when the phases did. */
  faulty?: boolean;
}

const WITHIN_MS = 60_000;
/** In vain for so long: longer than a server takes to say no. */
const IN_VAIN_MS = 1_500;

export function phasesOf(one: Case): Phase[] {
  const startedMs = Date.now();
  const context = (tier: Tier, withinMs = WITHIN_MS): StepContext => ({
    ...contextOf(tier, {
      withinMs,
      run: `rights-${one.title.replace(/\W/g, '-')}`,
      ...(one.victim && { victim: one.victim }),
    }),
    ...(one.faulty && { faultAtMs: startedMs }),
  });
  const input = one.kind.input.parse(one.with);
  const { preflight } = one.kind;
  const checked: Phase[] =
    preflight === undefined
      ? []
      : [{ name: 'preflight', run: (tier) => preflight.call(one.kind, input, context(tier)) }];
  return [...checked, ...('act' in one.kind ? actPhases(one, input, context) : lookPhases(one, context))];
}

type ContextOf = (tier: Tier, withinMs?: number) => StepContext;

function lookPhases(one: Case, context: ContextOf): Phase[] {
  const kind = one.kind as LookKind<unknown, unknown>;
  return [...(one.looks ?? []), { name: 'look', with: one.with }].map((scene) => ({
    name: scene.name,
    async run(tier) {
      const input = one.kind.input.parse(scene.with);
      if (!('inVain' in scene)) return kind.look(input, context(tier));
      const ended = await kind.look(input, context(tier, IN_VAIN_MS)).catch((error) => error);
      if ((ended as { type?: string }).type !== 'deviated') throw ended;
    },
  }));
}

function actPhases(one: Case, input: unknown, context: ContextOf): Phase[] {
  const kind = one.kind as ActKind<unknown, unknown, Json>;
  let snapshot: Json = null;
  const twice = async <T extends { done: boolean }>(call: (progress: Json | undefined) => Promise<T>) => {
    for (let progress: Json | undefined; ; ) {
      const said = await call(progress);
      if (said.done) return said;
      progress = (said as unknown as { progress: Json }).progress;
    }
  };
  const compare = (tier: Tier) => kind.compare(input, snapshot, context(tier));
  return [
    {
      name: 'snapshot',
      async run(tier) {
        snapshot = JSON.parse(JSON.stringify(await kind.snapshot(input, context(tier))));
      },
    },
    { name: 'act', run: (tier) => twice((progress) => kind.act(input, snapshot, context(tier), progress)) },
    ...(kind.probe
      ? [{ name: 'probe', run: (tier: Tier) => kind.probe!(input, snapshot, context(tier)) }]
      : []),
    ...(one.again
      ? [
          {
            name: 'again',
            run: async (tier: Tier) =>
              kind.act(input, await kind.snapshot(input, context(tier)), context(tier), undefined),
          },
        ]
      : []),
    { name: 'compare', run: compare },
    {
      name: 'undo',
      async run(tier) {
        const undone = await twice((progress) => kind.undo(input, snapshot, context(tier), progress));
        if ('restored' in undone && undone.restored === 'fully') return;
        throw new Error(`not undone: ${JSON.stringify(undone)}`);
      },
    },
  ];
}
