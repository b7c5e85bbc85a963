/** What zod found, in the words of a problem: where, found, expected, nearest names. */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { type Complaint, shown } from './problem.ts';
import type { Path } from './source.ts';

type Issue = z.core.$ZodIssue;
export interface Finding {
  path: Path;
  /** The path names a field whose name is wrong, not its value. */
  atKey: boolean;
  complaint: Complaint;
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields (name: value)',
  record: 'fields (name: value)',
  null: 'nothing',
};

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      at !== null && typeof at === 'object' ? (at as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}

/** The branch of a union that its author most likely meant: the one that got furthest, then with fewest issues. */
function likeliest(branches: Issue[][]): Issue[] {
  const depth = (issues: Issue[]) => Math.min(...issues.map((issue) => issue.path.length), 99);
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

/** Fields the schema knows at a path, for "did you mean". */
function fieldsAt(schema: z.ZodType, path: Path): string[] {
  let at: unknown = schema;
  for (const part of [...path, undefined]) {
    at = unwrap(at);
    const def = (at as { def?: Record<string, unknown> } | undefined)?.def;
    if (def === undefined) return [];
    if (def['type'] === 'union') return (def['options'] as z.ZodType[]).flatMap((one) => fieldsAt(one, path));
    if (part === undefined) return Object.keys((def['shape'] as object | undefined) ?? {});
    if (def['type'] === 'object') at = (def['shape'] as Record<string, unknown>)[part];
    else if (def['type'] === 'array') at = def['element'];
    else if (def['type'] === 'record') at = def['valueType'];
    else return [];
  }
  return [];
}

const wrappers = new Set(['optional', 'default', 'nullable', 'readonly', 'prefault', 'nonoptional', 'catch']);
function unwrap(schema: unknown): unknown {
  const def = (schema as { def?: { type: string; innerType?: unknown } } | undefined)?.def;
  return def !== undefined && wrappers.has(def.type) ? unwrap(def.innerType) : schema;
}

/** Every issue of a failed parse as a finding. `remedy` names where to look the shape up. */
export function findings(
  schema: z.ZodType,
  value: unknown,
  issues: readonly Issue[],
  remedy: string,
): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path as Path;
    const found = valueAt(value, path);
    const one = (complaint: Complaint, at: Path = path, atKey = false): Finding[] => [
      { path: at, atKey, complaint },
    ];
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.flatMap((key) => unknownField(schema, path, key));
      case 'invalid_union':
        return unionFindings(schema, value, issue, path, found, remedy);
      case 'invalid_value': {
        const allowed = issue.values.map(String);
        if (found === undefined)
          return one(missing(path, allowed.join(' | '), remedy), path.slice(0, -1), true);
        return one({
          code: 'FD1103',
          what: `${named(path)} has a value that it cannot have`,
          found: shown(found),
          expected: allowed.join(' | '),
          nearest: nearest(typeof found === 'string' ? found : '', allowed),
          remedy: `Write one of: ${allowed.join(', ')}`,
        });
      }
      case 'invalid_type':
        if (found === undefined)
          return one(missing(path, expectation(issue), remedy), path.slice(0, -1), true);
        return one(wrong(path, found, expectation(issue), remedy));
      default:
        return one(wrong(path, found, expectation(issue), remedy));
    }
  });
}

function unknownField(schema: z.ZodType, path: Path, key: string): Finding[] {
  const known = fieldsAt(schema, path);
  const complaint: Complaint = {
    code: 'FD1101',
    what: `${path.length === 0 ? 'there' : named(path)} has no field '${key}'`.replace(
      'there has',
      'there is',
    ),
    found: shown(key),
    expected: [...new Set(known)].join(', '),
    nearest: nearest(key, known),
    remedy: 'Remove the field or correct its name',
  };
  return [{ path: [...path, key], atKey: true, complaint }];
}

function unionFindings(
  schema: z.ZodType,
  value: unknown,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  found: unknown,
  remedy: string,
): Finding[] {
  const branches = issue.errors as Issue[][];
  const best = likeliest(branches);
  const deeper =
    best.length > 0 && best.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
  if (deeper) {
    const moved = best.map((inner) => ({ ...inner, path: [...path, ...inner.path] }) as Issue);
    return findings(schema, value, moved, remedy);
  }
  const discriminator = (issue as { discriminator?: string }).discriminator;
  if (discriminator !== undefined) {
    const options = (issue as { options?: unknown[] }).options?.map(String) ?? [];
    const complaint = {
      code: 'FD1103',
      what: `'${discriminator}' has a value that it cannot have`,
      found: shown(found),
      expected: options.join(' | '),
      nearest: nearest(typeof found === 'string' ? found : '', options),
      remedy,
    };
    return [{ path, atKey: false, complaint }];
  }
  const expected = [...new Set(branches.flatMap((inner) => inner.slice(0, 1).map(expectation)))].join(
    ', or ',
  );
  if (found === undefined)
    return [{ path: path.slice(0, -1), atKey: true, complaint: missing(path, expected, remedy) }];
  return [{ path, atKey: false, complaint: wrong(path, found, expected, remedy) }];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      // A schema with words of its own knows better than its type.
      return issue.message.startsWith('Invalid input')
        ? (typeNames[issue.expected] ?? issue.expected)
        : issue.message;
    case 'invalid_value':
      return issue.values.map(String).join(' | ');
    case 'too_small':
      return `at least ${issue.minimum}${sized(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${sized(issue.origin)}`;
    case 'invalid_union':
      return (
        likeliest(issue.errors as Issue[][])
          .slice(0, 1)
          .map(expectation)
          .join('') || 'another value'
      );
    default:
      return issue.message.replace(/^Invalid input: expected /, '');
  }
}

const sized = (origin: string) => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');
const named = (path: Path) =>
  path.length === 0 ? 'it' : `'${path.filter((part) => part !== undefined).join('.')}'`;

function missing(path: Path, expected: string, remedy: string): Complaint {
  const field = String(path.at(-1) ?? '');
  return {
    code: 'FD1102',
    what: `the field '${field}' is missing`,
    found: 'nothing',
    expected,
    remedy: `Add '${field}'. ${remedy}`,
  };
}

function wrong(path: Path, found: unknown, expected: string, remedy: string): Complaint {
  return {
    code: 'FD1103',
    what: `${named(path)} is not what it must be`,
    found: shown(found),
    expected,
    remedy,
  };
}
