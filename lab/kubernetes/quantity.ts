/** Resource quantities: `250m`, `1.5`, `512Mi`, `2G`, `1e3`. */
const units: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const FORM = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/;

export function isQuantity(text: unknown): text is string | number {
  if (typeof text !== 'string' && typeof text !== 'number') return false;
  return (FORM.exec(String(text))?.[2] ?? '-') in units;
}

/** In cores or bytes. */
export function quantity(text: string | number): number {
  const [, number, unit = ''] = FORM.exec(String(text)) ?? [];
  const factor = units[unit];
  if (number === undefined || factor === undefined)
    throw new RangeError(`${JSON.stringify(text)} is not a quantity`);
  return Number(number) * factor;
}
