/** Resource quantities: `250m`, `1.5`, `512Mi`, `2G`. */
const units: Record<string, number> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** In cores or bytes. */
export function quantity(text: string | number): number {
  const match = /^([\d.]+)([a-zA-Z]*)$/.exec(String(text));
  const unit = units[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new RangeError(`${JSON.stringify(text)} is not a quantity`);
  return Number(match[1]) * unit;
}
