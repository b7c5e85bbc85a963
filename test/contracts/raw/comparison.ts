/** The sandbox against the recording, case by case, with the reason for every difference that has one. */
import type { Area } from './case.ts';
import { type Difference, differences } from './differences.ts';
import type { KnownDifference } from './known-differences.ts';
import type { Observations } from './run.ts';

export interface Compared {
  area: string;
  name: string;
  /** Empty: the sandbox answers as the real servers do. */
  differences: Difference[];
  /** Why it differs, each reason once. */
  reasons: string[];
  /** Differences that no reason covers. */
  unexplained: Difference[];
}

export interface Comparison {
  cases: Compared[];
  /** Reasons that cover nothing: what they spoke of is mended. */
  stale: KnownDifference[];
}

export function compare(
  areas: readonly Area[],
  real: Observations,
  sandbox: Observations,
  known: readonly KnownDifference[],
): Comparison {
  const used = new Set<KnownDifference>();
  function compared(area: string, name: string): Compared {
    const found = differences(real[area]?.[name], sandbox[area]?.[name]);
    const covering = found.map(({ at }) => known.find((one) => covers(one, area, name, at)));
    for (const one of covering) if (one) used.add(one);
    const reasons = [...new Set(covering.flatMap((one) => one?.why ?? []))];
    return { area, name, differences: found, reasons, unexplained: found.filter((_, at) => !covering[at]) };
  }
  const cases = areas.flatMap(({ title, cases: named }) =>
    Object.keys(named).map((name) => compared(title, name)),
  );
  return { cases, stale: known.filter((one) => !used.has(one)) };
}

function covers(known: KnownDifference, area: string, name: string, at: string): boolean {
  return known.area === area && known.cases.includes(name) && (known.at?.test(at) ?? true);
}
