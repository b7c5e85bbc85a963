/** Kubernetes quantities as numbers: cpu in cores, memory in bytes, the rest as counts. */
export type Amounts = Record<string, number>;

const units: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

export function amountsOf(quantities: Record<string, string | number> = {}): Amounts {
  return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, amount(quantity)]));
}

function amount(quantity: string | number): number {
  const [, digits = '0', unit = ''] = /^([\d.eE+-]+?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  return Number(digits) * (units[unit] ?? 1);
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
