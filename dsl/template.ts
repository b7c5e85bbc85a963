/** Values with `${{ }}` in them, into templates: what is known is filled in, what only a run knows stays. */
import { type Compilation, type ExpressionSite, report, type Unit } from './compilation.ts';
import { textOf } from './evaluate.ts';
import { type Compiled, compileExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Json, Template } from './plan.ts';
import { shown } from './problem.ts';
import type { Path } from './source.ts';
import type { CelType } from './types.ts';
import { expressionEnd } from './yaml-quote.ts';

/** A place in the template that only a run can fill. */
export interface Hole {
  path: Path;
  type: CelType;
  /** Whether the loop's items are all it needs. */
  itemOnly: boolean;
}

export interface CompiledTemplate {
  template: Template;
  holes: Hole[];
  /** Where expressions stood whose values are filled in. */
  filled: Path[];
  /** Where something has a problem that was reported: there is no value worth checking. */
  spoilt: Path[];
}

type Part = { text: string } | { expression: string; index: number };

/** The parts of a text; undefined when a `${{` has no end. */
export function partsOf(text: string): Part[] | undefined {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('${{', from);
    if (open < 0) break;
    const end = expressionEnd(text, open + 3);
    if (end < 0) return undefined;
    if (open > from) parts.push({ text: text.slice(from, open) });
    parts.push({ expression: text.slice(open + 3, end - 2), index: open + 3 });
    from = end;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** `path` is where the value stands in its text; holes are relative to it. */
export function compileTemplate(
  compilation: Compilation,
  site: { unit: Unit; path: Path; reads: ExpressionSite['reads'] },
  frame: Frame,
  value: Json,
): CompiledTemplate {
  const holes: Hole[] = [];
  const filled: Path[] = [];
  const spoilt: Path[] = [];

  function go(at: Json, path: Path): Template {
    if (typeof at === 'string') return at.includes('${{') ? text(at, path) : at;
    if (Array.isArray(at)) return at.map((one, index) => go(one, [...path, index]));
    if (at === null || typeof at !== 'object') return at;
    return Object.fromEntries(
      Object.entries(at).map(([key, one]) => {
        if (key === '$cel' || key === '$text') refuseKey(key, [...path, key]);
        return [key, go(one, [...path, key])];
      }),
    );
  }

  function refuseKey(key: string, path: Path): void {
    spoilt.push(path);
    const complaint = {
      code: 'FD1105',
      what: `a field cannot be named '${key}'`,
      found: shown(key),
      expected: 'another name',
      remedy: 'The name is used inside a Plan; rename the field',
    };
    report(compilation, site.unit, [...site.path, ...path], complaint, { key: true });
  }

  function text(at: string, path: Path): Template {
    const parts = partsOf(at);
    const place = [...site.path, ...path];
    if (parts === undefined) {
      spoilt.push(path);
      complainUnclosed(compilation, site.unit, place, at);
      return null;
    }
    const compiled = parts.map((part) =>
      'text' in part
        ? part.text
        : compileExpression(
            compilation,
            { unit: site.unit, path: place, index: part.index, reads: site.reads },
            frame,
            part.expression,
          ),
    );
    if (compiled.includes(undefined)) {
      spoilt.push(path);
      return null;
    }
    const known = compiled as (string | Compiled)[];
    const [only] = known;
    if (known.length === 1 && typeof only === 'object') return whole(only, path);
    return joined(known, path);
  }

  function whole(compiled: Compiled, path: Path): Template {
    if (compiled.cel === undefined) {
      filled.push(path);
      return compiled.value;
    }
    holes.push({ path, type: compiled.type, itemOnly: compiled.itemOnly });
    return { $cel: compiled.cel };
  }

  function joined(known: (string | Compiled)[], path: Path): Template {
    const parts = known.map((one) =>
      typeof one === 'string' ? one : one.cel === undefined ? textOf(one.value) : one.cel,
    );
    if (parts.every((part) => typeof part === 'string')) {
      filled.push(path);
      return parts.join('');
    }
    const itemOnly = known.every((one) => typeof one === 'string' || one.cel === undefined || one.itemOnly);
    holes.push({ path, type: 'string', itemOnly });
    return { $text: parts };
  }

  const template = go(value, []);
  return { template, holes, filled, spoilt };
}

function complainUnclosed(compilation: Compilation, unit: Unit, path: Path, text: string): void {
  const cut = unit.source.commented(path);
  report(
    compilation,
    unit,
    path,
    {
      code: 'FD1301',
      what: 'an expression that does not end',
      found: shown(text),
      expected: '${{ expression }}',
      remedy: cut
        ? 'YAML cut the text at ` #`, which begins a comment: put the whole text in quotes'
        : 'Close it with }}',
    },
    { index: text.lastIndexOf('${{') },
  );
}

/** A value that must be known when compiled; undefined when it is not (which was reported). */
export function knownValue(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  value: Json,
): Json | undefined {
  const { template, spoilt } = compileTemplate(compilation, { unit, path, reads: 'known' }, frame, value);
  return spoilt.length > 0 ? undefined : (template as Json);
}
