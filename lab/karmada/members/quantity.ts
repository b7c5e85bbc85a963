/** Kubernetes quantities as numbers: cpu in cores, memory in bytes, the rest as counts. */
import { quantity } from '../../kubernetes/quantity.ts';

export type Amounts = Record<string, number>;

export function amountsOf(quantities: Record<string, string | number> = {}): Amounts {
  return Object.fromEntries(Object.entries(quantities).map(([name, text]) => [name, quantity(text)]));
}

export function addAmounts(sum: Amounts, more: Amounts): void {
  for (const [name, value] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + value;
}

/** cpu in millicores, memory in Ki where it is not whole cores or bytes are many. */
export function writeAmounts(amounts: Amounts): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, written(name, value)]));
}

function written(name: string, value: number): string {
  if (name === 'cpu' && !Number.isInteger(value)) return `${Math.round(value * 1000)}m`;
  if (name === 'memory' && value >= 1024) return `${Math.round(value / 1024)}Ki`;
  return String(value);
}

/** How many times `each` fits into `free`. */
export function times(free: Amounts, each: Amounts): number {
  const fits = Object.entries(each).map(([name, value]) =>
    value > 0 ? Math.floor((free[name] ?? 0) / value + 1e-9) : Infinity,
  );
  return Math.max(0, Math.min(...fits));
}
