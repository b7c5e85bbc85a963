/**
 * Takes secrets out of what goes into history. SDK errors carry URLs and headers; every failure of an activity
 * passes through here.
 */
const patterns: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  // JSON Web Tokens, wherever they stand.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/(\/\/)[^/\s:@]+:[^/\s@]+@/g, '$1[redacted]@'],
  [
    /\b((?:access_|client_|api_?)?(?:token|secret|password|key|sig(?:nature)?))(["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1$2[redacted]',
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, '[redacted]'],
];

/** `secrets` are values that were resolved from references: they go wherever they stand. */
export function redact(text: string, secrets: Iterable<string>): string {
  let out = text;
  for (const secret of secrets) if (secret.length >= 6) out = out.replaceAll(secret, '[redacted]');
  for (const [pattern, replacement] of patterns) out = out.replace(pattern, replacement);
  return out;
}

/** The same for JSON, keys and values. */
export function redactJson<T>(value: T, secrets: Iterable<string>): T {
  if (value === undefined) return value;
  const known = [...secrets];
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string') return redact(at, known);
    if (Array.isArray(at)) return at.map(walk);
    if (at !== null && typeof at === 'object')
      return Object.fromEntries(Object.entries(at).map(([key, one]) => [redact(key, known), walk(one)]));
    return at;
  };
  return walk(value) as T;
}
