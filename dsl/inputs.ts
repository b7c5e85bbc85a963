/** Inputs of a runbook: their declarations, and their values from the command line, a `needs` or the defaults. */
import { type Compilation, report, type Unit } from './compilation.ts';
import { findings } from './issue.ts';
import { durationPattern } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import type { Json } from './plan.ts';
import { type Complaint, shown } from './problem.ts';
import { type InputDeclaration, input, reservedWords } from './schema.ts';
import type { Path } from './source.ts';
import type { CelType } from './types.ts';

/** Flags of the command line: an input of that name could not be given as `--name`. `mover` is none of them. */
export const reservedInputs: ReadonlySet<string> = new Set([
  'fleet',
  'json',
  'input',
  'keep',
  'detach',
  'note',
  'live',
  'force',
  'help',
  'tier',
]);

/** Values as given, with where to point when one is wrong (in the text of `unit`). */
export interface Given {
  values: Record<string, Json>;
  /** Texts of the command line are read by the declared type; values of a `with` must have it. */
  texts: boolean;
  unit: Pick<Unit, 'source'>;
  path(name: string): Path | undefined;
}

const celTypes: Record<InputDeclaration['type'], CelType> = {
  string: 'string',
  int: 'int',
  bool: 'bool',
  duration: 'string',
  cluster: 'string',
  enum: 'string',
  list: { list: 'string' },
};

/** Fills the unit's inputs and their types; everything wrong is reported. */
export function resolveInputs(
  compilation: Compilation,
  unit: Unit,
  declared: Json | undefined,
  given: Given,
): void {
  const declarations = new Map<string, InputDeclaration>();
  for (const [name, value] of Object.entries(isFields(declared) ? declared : {})) {
    checkName(compilation, unit, name);
    const parsed = input.safeParse(value);
    if (parsed.success) declarations.set(name, parsed.data);
    else
      for (const finding of findings(
        input,
        value,
        parsed.error.issues,
        "An input is '{ type: string }' or alike",
      ))
        report(compilation, unit, ['inputs', name, ...finding.path], finding.complaint, {
          key: finding.atKey,
        });
    unit.inputTypes[name] = parsed.success ? celTypes[parsed.data.type] : 'dyn';
  }
  for (const [name, declaration] of declarations) settle(compilation, unit, name, declaration, given);
  refuseUnknown(compilation, unit, given);
}

function isFields(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function checkName(compilation: Compilation, unit: Unit, name: string): void {
  const flag = reservedInputs.has(name);
  const word = reservedWords.has(name);
  if (!flag && !word && /^[a-z][a-z0-9_]*$/.test(name)) return;
  const what = flag
    ? `'${name}' is a flag of the command line`
    : word
      ? `'${name}' is a word of CEL`
      : `'${name}' is not a name expressions can use`;
  const complaint = {
    code: flag ? 'FD1601' : 'FD1202',
    what,
    found: shown(name),
    expected: 'a small letter, then small letters, digits and _',
    remedy: `Rename the input, e.g. ${flag || word ? `'the_${name}'` : `'${name.toLowerCase().replaceAll(/\W/g, '_')}'`}`,
  };
  report(compilation, unit, ['inputs', name], complaint, { key: true });
}

function settle(
  compilation: Compilation,
  unit: Unit,
  name: string,
  declaration: InputDeclaration,
  given: Given,
): void {
  if (Object.hasOwn(given.values, name)) {
    const written = given.values[name]!;
    const value = given.texts && typeof written === 'string' ? fromText(declaration, written) : written;
    const wrong = complaintOf(compilation, declaration, value);
    if (wrong === undefined) unit.inputs[name] = value;
    else {
      const at = given.path(name);
      const what = `the value given for the input '${name}' is wrong`;
      report(compilation, at === undefined ? unit : given.unit, at ?? ['inputs', name], { ...wrong, what });
    }
    return;
  }
  if (declaration.default !== undefined) {
    const wrong = complaintOf(compilation, declaration, declaration.default);
    if (wrong === undefined) unit.inputs[name] = declaration.default;
    else
      report(compilation, unit, ['inputs', name, 'default'], {
        ...wrong,
        what: `the default of '${name}' is wrong`,
      });
    return;
  }
  const place = given.path(name);
  const complaint = {
    code: 'FD1602',
    what: `the input '${name}' has no value`,
    found: 'nothing',
    expected: declaration.type,
    remedy: given.texts
      ? `Give it: --${name} VALUE, or declare a default`
      : `Give it under 'with', or declare a default`,
  };
  report(compilation, place === undefined ? unit : given.unit, place ?? ['inputs', name], complaint, {
    key: place === undefined,
  });
}

/** As the command line gives it; what does not fit stays text and is refused with the rest. */
function fromText(declaration: InputDeclaration, text: string): Json {
  if (declaration.type === 'int' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (declaration.type === 'bool' && (text === 'true' || text === 'false')) return text === 'true';
  if (declaration.type === 'list') return text === '' ? [] : text.split(',').map((one) => one.trim());
  return text;
}

function complaintOf(
  compilation: Compilation,
  declaration: InputDeclaration,
  value: Json,
): Omit<Complaint, 'what'> | undefined {
  const wrong = (expected: string, candidates: string[] = []): Omit<Complaint, 'what'> => ({
    code: 'FD1603',
    found: shown(value),
    expected,
    nearest: nearest(typeof value === 'string' ? value : '', candidates),
    remedy: `Give ${expected}`,
  });
  const members = Object.keys(compilation.options.fleet.members);
  switch (declaration.type) {
    case 'string':
      return typeof value === 'string' ? undefined : wrong('text');
    case 'int':
      return Number.isSafeInteger(value) ? undefined : wrong('a whole number');
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrong('true or false');
    case 'duration':
      return typeof value === 'string' && durationPattern.test(value)
        ? undefined
        : wrong('a duration such as 30s');
    case 'cluster':
      return members.includes(value as string)
        ? undefined
        : wrong(`a member of the fleet '${compilation.options.fleet.name}': ${members.join(', ')}`, members);
    case 'enum':
      return declaration.of.includes(value as string)
        ? undefined
        : wrong(`one of ${declaration.of.join(', ')}`, declaration.of);
    case 'list': {
      const allowed = declaration.of;
      const fits = (one: Json) => typeof one === 'string' && (allowed === undefined || allowed.includes(one));
      return Array.isArray(value) && value.every(fits)
        ? undefined
        : wrong(allowed === undefined ? 'a list of texts' : `a list of ${allowed.join(', ')}`, allowed);
    }
  }
}

function refuseUnknown(compilation: Compilation, unit: Unit, given: Given): void {
  const names = Object.keys(unit.inputTypes);
  for (const name of Object.keys(given.values)) {
    if (names.includes(name)) continue;
    const at = given.path(name);
    const complaint = {
      code: 'FD1604',
      what: `the runbook has no input '${name}'`,
      found: given.texts ? `--${name}` : shown(name),
      expected: names.length === 0 ? 'it has none' : names.join(', '),
      nearest: nearest(name, names),
      remedy: 'Leave it out, or correct the name',
    };
    report(compilation, at === undefined ? unit : given.unit, at ?? ['inputs'], complaint, { key: true });
  }
}
