/** Which backends should serve, at which shares, and how far the observed shares are from that. */
import type { Backend, Balancing } from '../ports/load-balancer.ts';

/** Member → share, 0..1. */
export type Shares = Record<string, number>;

/** Backends that get traffic by the configuration: enabled, lowest priority; without `lost`, as if it were dead. */
export function expectedShares({ backends }: Pick<Balancing, 'backends'>, lost?: string): Shares {
  const alive = backends.filter((backend) => backend.enabled && backend.member !== lost);
  const first = Math.min(...alive.map((backend) => backend.priority));
  const serving = alive.filter((backend) => backend.priority === first);
  const total = serving.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(serving.map((backend) => [nameOf(backend), backend.weight / total]));
}

/** A backend that the fleet file gives to no member goes by its own name. */
const nameOf = ({ member, name }: Backend) => member || name;

export function sharesOf(counts: Record<string, number>): Shares {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / (total || 1)]));
}

/** The member whose share is farthest from the expected one, when that is more than `margin`. */
export function outOfMargin(expected: Shares, observed: Shares, margin: number) {
  let worst: { member: string; expected: number; observed: number } | undefined;
  for (const member of new Set([...Object.keys(expected), ...Object.keys(observed)])) {
    const pair = { member, expected: expected[member] ?? 0, observed: observed[member] ?? 0 };
    const off = Math.abs(pair.expected - pair.observed);
    if (off > margin && (!worst || off > Math.abs(worst.expected - worst.observed))) worst = pair;
  }
  return worst;
}

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
