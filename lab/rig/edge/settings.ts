/** What can be set on the rig while it runs: how long pods take to start, on all members or on one. */
import type { PodLife } from '../stages.ts';

export interface RigSettings {
  life(member: string): PodLife;
  /** As the sandbox's settings, as far as the rig has them. */
  read(): { podStartMs: number; clusters: Record<string, { podStartMs: number }> };
  /** @throws RangeError that names every setting that is not one; nothing is changed then. */
  change(changes: Record<string, unknown>): void;
}

export function createRigSettings(usual: PodLife, members: string[]): RigSettings {
  let podStartMs = usual.startMs;
  const clusters: Record<string, { podStartMs: number }> = {};

  function wrongIn(changes: Record<string, unknown>, place: string): string[] {
    return Object.entries(changes).flatMap(([name, value]) => {
      if (name !== 'podStartMs') return [`the rig has no setting ${place}${name}; it has podStartMs`];
      const right = typeof value === 'number' && Number.isInteger(value) && value >= 0;
      return right ? [] : [`${place}podStartMs is a number of milliseconds, not ${JSON.stringify(value)}`];
    });
  }

  return {
    life: (member) => ({ ...usual, startMs: clusters[member]?.podStartMs ?? podStartMs }),
    read: () => ({ podStartMs, clusters: structuredClone(clusters) }),
    change({ clusters: own = {}, ...all }) {
      const named = Object.entries(own as Record<string, Record<string, unknown>>);
      const wrong = [
        ...wrongIn(all, ''),
        ...named.flatMap(([member, changes]) =>
          members.includes(member)
            ? wrongIn(changes, `clusters.${member}.`)
            : [`there is no member ${member}; there are: ${members.join(', ')}`],
        ),
      ];
      if (wrong.length > 0) throw new RangeError(wrong.join('; '));
      if (all['podStartMs'] !== undefined) podStartMs = all['podStartMs'] as number;
      for (const [member, changes] of named)
        if (changes['podStartMs'] !== undefined)
          clusters[member] = { podStartMs: changes['podStartMs'] as number };
    },
  };
}
