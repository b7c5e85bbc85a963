/** What is done to each run, drawn from a seed: the same seed gives the same attacks in the same order. */

/** Killed together with `kill -9`, by the names of their records; `cli` is the command that watches. */
export const kills = {
  cli: ['cli'],
  worker: ['worker'],
  traffic: ['traffic'],
  temporal: ['temporal'],
  lab: ['lab'],
  'all but the lab': ['cli', 'keeper', 'worker', 'traffic', 'temporal'],
  everything: ['cli', 'keeper', 'worker', 'traffic', 'temporal', 'lab'],
} as const;
export type Kill = keyof typeof kills;

export type Kind = Kill | 'terminate' | 'ctrl-c' | 'ctrl-c twice';

/** What a moment is counted from, all seen from outside: the run exists, its first cordon, its first uncordon. */
export type Anchor = 'start' | 'cordon' | 'uncordon';

export interface Attack {
  kind: Kind;
  anchor: Anchor;
  afterMs: number;
  /** From the blow until somebody attaches. */
  attachAfterMs: number;
}

const kinds: readonly Kind[] = [...(Object.keys(kills) as Kill[]), 'terminate', 'ctrl-c', 'ctrl-c twice'];

/** How far after its anchor a blow may come, ms: all of set-up, of the drain and the loss, of the way back. */
const spread: Record<Anchor, number> = { start: 8_000, cordon: 12_000, uncordon: 8_000 };
/** The drain itself is short and the most delicate part: every second blow after the cordon falls into it. */
const DRAIN_MS = 700;

/** Every kind as often as any other; `only` gives all runs to one. */
export function attacks(count: number, seed: number, only?: Kind): Attack[] {
  const random = randomOf(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const order = [...kinds].sort(() => random() - 0.5);
  return Array.from({ length: count }, (_, index) => {
    const kind = only ?? (order[index % order.length] as Kind);
    const anchor = kind === 'terminate' ? 'cordon' : anchorOf(random());
    const inDrain = anchor === 'cordon' && (kind === 'terminate' || random() < 0.5);
    return {
      kind,
      anchor,
      afterMs: below(inDrain ? DRAIN_MS : spread[anchor]),
      attachAfterMs: below(3_000),
    };
  });
}

export function isKind(name: string): name is Kind {
  return (kinds as readonly string[]).includes(name);
}

function anchorOf(chance: number): Anchor {
  if (chance < 0.2) return 'start';
  return chance < 0.75 ? 'cordon' : 'uncordon';
}

/** Mulberry32: small, and good enough to pick moments. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
