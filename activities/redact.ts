/**
 * Takes secrets out of what goes into history. SDK errors carry URLs and headers; every failure, result and
 * heartbeat of an activity passes through here.
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
  let out = withoutKnown(text, secrets);
  for (const [pattern, replacement] of patterns) out = out.replace(pattern, replacement);
  return out;
}

/** The same for JSON, keys and values. */
export function redactJson<T>(value: T, secrets: Iterable<string>): T {
  const known = [...secrets];
  return mapTexts(value, (text) => redact(text, known));
}

/** Only what is known to be a secret: what a kind returns is data, and no pattern may bend it. */
export function withoutSecrets<T>(value: T, secrets: Iterable<string>): T {
  const known = [...secrets];
  return known.length === 0 ? value : mapTexts(value, (text) => withoutKnown(text, known));
}

/** Shorter than this it would be found by chance. */
const SHORTEST = 6;

function withoutKnown(text: string, secrets: Iterable<string>): string {
  let out = text;
  for (const secret of secrets) if (secret.length >= SHORTEST) out = out.replaceAll(secret, '[redacted]');
  return out;
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string') return change(at);
    if (Array.isArray(at)) return at.map(walk);
    if (at !== null && typeof at === 'object')
      return Object.fromEntries(Object.entries(at).map(([key, one]) => [change(key), walk(one)]));
    return at;
  };
  return walk(value) as T;
}
