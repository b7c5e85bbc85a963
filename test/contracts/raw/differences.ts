/** Where two normalised observations differ, leaf by leaf. */

export interface Difference {
  /** `body.details.causes[0].message`; empty for the whole. */
  at: string;
  /** What each of them says there; undefined where it says nothing. */
  real: unknown;
  sandbox: unknown;
}

export function differences(real: unknown, sandbox: unknown, at = ''): Difference[] {
  if (Array.isArray(real) && Array.isArray(sandbox))
    return Array.from({ length: Math.max(real.length, sandbox.length) }, (_, index) =>
      differences(real[index], sandbox[index], `${at}[${index}]`),
    ).flat();
  if (isRecord(real) && isRecord(sandbox))
    return [...new Set([...Object.keys(real), ...Object.keys(sandbox)])].flatMap((field) =>
      differences(real[field], sandbox[field], at === '' ? field : `${at}.${field}`),
    );
  return real === sandbox ? [] : [{ at, real, sandbox }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
