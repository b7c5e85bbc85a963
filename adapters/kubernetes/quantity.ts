/** Kubernetes quantities: `250m`, `1`, `128Mi`, `1e9`. */

const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** In its base unit (cores, bytes); 0 for what is absent or cannot be read. */
export function quantity(text: string | number | undefined): number {
  const parts = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(text ?? ''));
  const factor = parts ? FACTORS[parts[2]!] : undefined;
  return parts && factor !== undefined ? Number(parts[1]) * factor : 0;
}

/** In millicores. */
export const millicores = (text: string | number | undefined): number => Math.round(quantity(text) * 1000);
