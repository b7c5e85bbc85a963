/** "Did you mean": the candidates closest to what was written, best first. */

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min(row[j - 1]! + 1, rows[i - 1]![j]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[left.length]![right.length]!;
}

const words = (name: string) => name.split(/[^a-z0-9]+/).filter((word) => word.length > 2);

/** At most three. A candidate counts when few edits away, or when it shares a part (`drain`, `kubernetes/drain`). */
export function nearest(written: string, candidates: Iterable<string>): string[] {
  const wanted = written.slice(0, 80).toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const name = candidate.toLowerCase();
    const edits = distance(wanted, name.slice(0, 80));
    const shares = words(wanted).some((word) => words(name).includes(word));
    if (edits <= limit) scored.push({ candidate, score: edits });
    else if (shares) scored.push({ candidate, score: limit + edits });
  }
  return scored
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
