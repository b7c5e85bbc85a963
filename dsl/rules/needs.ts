/** `needs`: the setup and verify of another runbook, inlined under a prefix; never its steps. */
import { canonicalJson } from '../canonical.ts';
import { type Compilation, report, type Unit } from '../compilation.ts';
import { emptyFrame } from '../frame.ts';
import { nearest } from '../nearest.ts';
import { buildBlock } from '../nodes.ts';
import type { Json, Node } from '../plan.ts';
import { shown } from '../problem.ts';
import type { Path } from '../source.ts';
import { emptyUnit, openSource, readUnit } from '../unit.ts';

const MAX_DEPTH = 4;

export interface Needed {
  setup: Node[];
  verify: Node[];
}

/** Prefixes by runbook and inputs, so that a runbook needed twice alike is set up once. */
type Inlined = Map<string, string>;

/** Everything the unit needs, deepest first. `chain` are the names of the runbooks on the way here. */
export function inlineNeeds(
  compilation: Compilation,
  unit: Unit,
  needs: Json | undefined,
  chain: string[],
  inlined: Inlined = new Map(),
): Needed {
  const all: Needed = { setup: [], verify: [] };
  for (const [need, path] of listed(needs)) {
    const one = inlineOne(compilation, unit, need, path, chain, inlined);
    all.setup.push(...(one?.setup ?? []));
    all.verify.push(...(one?.verify ?? []));
  }
  return all;
}

interface Need {
  name: string;
  with: { [key: string]: Json };
}

function listed(needs: Json | undefined): [Need, Path][] {
  if (needs === undefined) return [];
  const several = Array.isArray(needs);
  return (several ? needs : [needs]).map((need, index) => {
    const path: Path = several ? ['needs', index] : ['needs'];
    if (typeof need === 'string') return [{ name: need, with: {} }, path];
    const { runbook, with: given } = need as { runbook: string; with?: { [key: string]: Json } };
    return [{ name: runbook, with: given ?? {} }, path];
  });
}

function inlineOne(
  compilation: Compilation,
  unit: Unit,
  need: Need,
  path: Path,
  chain: string[],
  inlined: Inlined,
): Needed | undefined {
  if (!allowed(compilation, unit, need.name, path, chain)) return undefined;
  const text = read(compilation, unit, need.name, path);
  const source =
    text === undefined ? undefined : openSource(compilation, fileOf(compilation, need.name), text);
  if (source === undefined) return undefined;

  const needed = emptyUnit(source, '');
  const { fields } = readUnit(compilation, needed, {
    values: need.with,
    texts: false,
    unit,
    path: (name) => (Object.hasOwn(need.with, name) ? [...path, 'with', name] : path),
  });
  const key = `${need.name} ${canonicalJson(needed.inputs)}`;
  if (inlined.has(key)) return { setup: [], verify: [] };
  needed.scope = freeScope(need.name, inlined);
  inlined.set(key, needed.scope);

  const below = inlineNeeds(compilation, needed, fields['needs'], [...chain, need.name], inlined);
  const frame = emptyFrame();
  const build = (section: 'setup' | 'verify') => {
    const prefix = `${section}.${needed.scope}`;
    const site = { unit: needed, section, within: [], skipped: false, prefix, parent: prefix };
    return buildBlock(compilation, site, frame, [section], fields[section] ?? []);
  };
  return { setup: [...below.setup, ...build('setup')], verify: [...below.verify, ...build('verify')] };
}

function freeScope(name: string, inlined: Inlined): string {
  const base = name.replaceAll('-', '_');
  const taken = new Set(inlined.values());
  for (let n = 1; ; n++) {
    const scope = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(scope)) return scope;
  }
}

function allowed(compilation: Compilation, unit: Unit, name: string, path: Path, chain: string[]): boolean {
  if (chain.includes(name)) {
    report(compilation, unit, path, {
      code: 'FD1701',
      what: 'runbooks need each other in a circle',
      found: [...chain, name].join(' needs '),
      expected: 'needs without a circle',
      remedy: 'Move what both need into a runbook of its own',
    });
    return false;
  }
  if (chain.length <= MAX_DEPTH) return true;
  report(compilation, unit, path, {
    code: 'FD1702',
    what: 'needs go too deep',
    found: [...chain, name].join(' needs '),
    expected: `at most ${MAX_DEPTH} runbooks below this one`,
    remedy: 'Flatten them',
  });
  return false;
}

const fileNameOf = (name: string) => `${name}.yaml`;

/** Beside the runbook, named as it names itself. */
function fileOf({ options }: Compilation, name: string): string {
  return options.file.replace(/[^/\\]*$/, '') + fileNameOf(name);
}

function read(compilation: Compilation, unit: Unit, name: string, path: Path): string | undefined {
  const { options } = compilation;
  try {
    return options.read(fileNameOf(name));
  } catch {
    const names = beside(options.list).map((file) => file.replace(/\.yaml$/, ''));
    report(compilation, unit, path, {
      code: 'FD1703',
      what: `there is no runbook '${name}' beside this one`,
      found: shown(name),
      expected: `the file ${fileOf(compilation, name)}`,
      nearest: nearest(name, names),
      remedy: 'Correct the name, or put the runbook into the same folder',
    });
    return undefined;
  }
}

function beside(list: Compilation['options']['list']): string[] {
  try {
    return (list?.('.') ?? []).filter((file) => file.endsWith('.yaml'));
  } catch {
    return [];
  }
}
