/**
 * Webster's method (Sainte-Laguë), as Karmada 1.18 divides replicas by weight: each replica in turn goes to the
 * cluster with the highest weight / (2 × replicas + 1). On a tie the cluster with fewer replicas wins, then the
 * name: ascending, or descending for half of all workloads, by the hash of the template's uid, so that ties do
 * not always favour the same cluster.
 */
export interface Share {
  name: string;
  weight: number;
  replicas: number;
}

export function divideByWebster(
  replicas: number,
  weights: Readonly<Record<string, number>>,
  uid = '',
): Share[] {
  const shares = Object.entries(weights).map(([name, weight]) => ({ name, weight, replicas: 0 }));
  if (shares.length === 0) return [];
  const before = byPriority(descendingNames(uid));
  for (let left = replicas; left > 0; left--) {
    const next = shares.reduce((best, share) => (before(share, best) < 0 ? share : best));
    next.replicas++;
  }
  return shares.sort((a, b) => compareNames(a.name, b.name));
}

function byPriority(descending: boolean): (a: Share, b: Share) => number {
  return (a, b) => {
    const priorities = b.weight / (2 * b.replicas + 1) - a.weight / (2 * a.replicas + 1);
    if (priorities !== 0) return priorities;
    if (a.replicas !== b.replicas) return a.replicas - b.replicas;
    return descending ? compareNames(b.name, a.name) : compareNames(a.name, b.name);
  };
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Odd FNV-1a (32 bit) hash of the uid. */
function descendingNames(uid: string): boolean {
  if (uid === '') return false;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(uid)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash & 1) === 1;
}
