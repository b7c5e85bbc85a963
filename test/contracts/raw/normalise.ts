/** What is another one in every run becomes a word, so that two servers' answers can be compared. */

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Where a server keeps the object in its etcd. */
const KEY = /Key: \/[^/]+\//g;
const VERSION = /(resource ?version[^:"]*: )\d+( \()?(?:(?<=\()\d+(?=\)))?/gi;

/** `own` is the case's name; managedFields go: cases that are about them say what they saw in their own words. */
export function normalise(value: unknown, own: string): unknown {
  if (Array.isArray(value)) return value.map((item) => normalise(item, own));
  if (typeof value === 'string') return text(value, own);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field, part]) => field !== 'managedFields' && part !== undefined)
      .map(([field, part]) => [
        text(field, own),
        opaque(field, part) ?? inOrder(field, normalise(part, own)),
      ]),
  );
}

/** A server that checks against a schema walks its maps in no order, and so are the problems it finds. */
function inOrder(field: string, value: unknown): unknown {
  if (field === 'causes' && Array.isArray(value))
    return value
      .map((cause) => JSON.stringify(cause))
      .sort()
      .map((cause) => JSON.parse(cause));
  if (field === 'message' && typeof value === 'string')
    return value.replace(
      /( is invalid: \[)(.*)(\])$/s,
      (_, before, problems: string, after) => before + sorted(problems) + after,
    );
  return value;
}

/** `spec.size: Invalid value: 0: …, spec.colour: …`: each begins with the path of a field. */
const sorted = (problems: string) =>
  problems
    .split(/, (?=[a-zA-Z]+[\w.[\]]*: )/)
    .sort()
    .join(', ');

function opaque(field: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (field === 'resourceVersion' && /^\d+$/.test(value)) return '<version>';
  if ((field === 'token' || field === 'continue') && value.length > 20) return '<token>';
  return undefined;
}

function text(value: string, own: string): string {
  return value
    .replaceAll(own, '{own}')
    .replaceAll(UID, '<uid>')
    .replaceAll(TIME, '<time>')
    .replaceAll(KEY, 'Key: /<prefix>/')
    .replaceAll(/(current: |in record \()\d+/g, '$1<version>')
    .replaceAll(
      VERSION,
      (_, before: string, bracket = '') => `${before}<version>${bracket}${bracket && '<version>'}`,
    );
}
