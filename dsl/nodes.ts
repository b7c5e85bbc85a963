/** Blocks of steps into nodes of the Plan, in the order in which they run. */
import { type Compilation, type Origin, report, type Unit } from './compilation.ts';
import { conditionOf, falseAt, itemsOf } from './conditions.ts';
import { emptyFrame, type Frame, fork, gather, join } from './frame.ts';
import { findings } from './issue.ts';
import { milliseconds } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import type { ForEach, Json, Node, OnFailure, Section, Step } from './plan.ts';
import { shown } from './problem.ts';
import { type ShapeName, shapeNames, shapes } from './schema.ts';
import type { Path } from './source.ts';
import { buildStep } from './step.ts';
import { knownValue } from './template.ts';
import { type CelType, celTypeOf, outcome } from './types.ts';
import { buildUndo } from './undo-node.ts';

/** Where a block of steps is being built. */
export interface Site {
  unit: Unit;
  section: Section;
  within: Origin['within'];
  skipped: boolean;
  /** Prefix of the paths of steps with an id, e.g. `steps` or `setup.scenario_a`. */
  prefix: string;
  /** Path of the enclosing node; steps without an id are numbered below it. */
  parent: string;
}

type Fields = { [key: string]: Json };
/** Fields that are compiled where they are used; every other one must be known before the run. */
const later = new Set([
  'with',
  'if',
  'assert',
  'for-each',
  'parallel',
  'steps',
  'undo',
  'approval',
  'uses',
  'id',
]);
const ASK_WITHIN = '30m';

export function buildBlock(
  compilation: Compilation,
  site: Site,
  frame: Frame,
  path: Path,
  block: Json,
): Node[] {
  if (!Array.isArray(block)) return [];
  return block.flatMap((item, index) => buildOne(compilation, site, frame, [...path, index], item) ?? []);
}

/** Undefined when the text has no shape that could be built; why was reported. */
export function buildOne(
  compilation: Compilation,
  site: Site,
  frame: Frame,
  path: Path,
  item: Json,
): Node | undefined {
  const shape = shapeOf(compilation, site.unit, path, item);
  if (shape === undefined) return undefined;
  const fields = item as Fields;
  const known = settleFields(compilation, site.unit, path, frame, fields);
  const parsed = shapes[shape].safeParse(known);
  if (!parsed.success) complainShape(compilation, site.unit, path, shape, known, parsed.error.issues);
  // A field in the wrong shape does not hide what is wrong with the others.
  const text = (parsed.success ? parsed.data : salvage(shape, known)) as Fields;
  if (shape !== 'undo' && fields['for-each'] !== undefined)
    return buildLoop(compilation, site, frame, path, shape, text);
  return buildBody(compilation, site, frame, path, shape, text);
}

function shapeOf(compilation: Compilation, unit: Unit, path: Path, item: Json): ShapeName | undefined {
  const fields = item !== null && typeof item === 'object' && !Array.isArray(item) ? item : undefined;
  const shape = fields && shapeNames.find((name) => name in fields);
  if (shape !== undefined) return shape;
  const near = fields === undefined ? [] : Object.keys(fields).flatMap((key) => nearest(key, shapeNames));
  report(compilation, unit, path, {
    code: 'FD1104',
    what: 'this is no step',
    found: fields === undefined ? shown(item) : `fields ${Object.keys(fields).join(', ')}`,
    expected: `one of the fields ${shapeNames.join(', ')}`,
    nearest: [...new Set(near)],
    remedy: "Say what it does, e.g. 'uses: traffic/sample'",
  });
  return undefined;
}

/** Fields that must be known, with their expressions evaluated; those with a problem are left out. */
function settleFields(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  fields: Fields,
): Fields {
  const settled: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    const known = later.has(key) ? value : knownValue(compilation, unit, [...path, key], frame, value);
    if (known !== undefined) settled[key] = known;
  }
  return settled;
}

function complainShape(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  shape: ShapeName,
  value: Json,
  issues: Parameters<typeof findings>[2],
): void {
  for (const { path: inner, atKey, complaint } of findings(
    shapes[shape],
    value,
    issues,
    'Write what is expected',
  ))
    report(compilation, unit, [...path, ...inner], complaint, { key: atKey });
}

/** The fields that are right by themselves, so that checking goes on. */
function salvage(shape: ShapeName, fields: Fields): Fields {
  const known: Record<string, { safeParse(value: unknown): { success: boolean } }> = shapes[shape].shape;
  return Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => Object.hasOwn(known, key) && known[key]!.safeParse(value).success),
  );
}

/** The path of a node: by its id, or by its place and what it is. */
function pathOf(site: Site, path: Path, id: string | undefined, word: string): string {
  return id === undefined ? `${site.parent}.${Number(path.at(-1)) + 1}.${word}` : `${site.prefix}.${id}`;
}

function buildBody(
  compilation: Compilation,
  site: Site,
  frame: Frame,
  path: Path,
  shape: ShapeName,
  text: Fields,
): Node | undefined {
  const { unit } = site;
  const condition =
    text['if'] === undefined ? undefined : conditionOf(compilation, unit, [...path, 'if'], frame, text['if']);
  const skipped = site.skipped || condition?.known === false;
  const inside: Site = { ...site, skipped };
  const uses = typeof text['uses'] === 'string' ? text['uses'] : '';
  const word = shape === 'uses' ? (uses.split('/').at(-1) ?? uses) : shape === 'steps' ? 'group' : shape;
  const id = typeof text['id'] === 'string' ? text['id'] : undefined;
  const name = typeof text['name'] === 'string' ? text['name'] : undefined;
  const base = {
    path: pathOf(site, path, id, word),
    scope: unit.scope,
    ...(id !== undefined && { id }),
    at: unit.source.at(path),
    // One that always holds is left out; one that never does says why the step is skipped.
    ...(condition !== undefined && condition.known !== true && { if: condition.cel }),
    onFailure: (text['on-failure'] ?? 'stop') as OnFailure,
    askWithinMs: milliseconds(String(text['ask-within'] ?? ASK_WITHIN)),
  } as const;
  const origin: Origin = { unit, path, section: site.section, within: site.within, skipped };
  const node = ((): Node | undefined => {
    switch (shape) {
      case 'uses':
        return buildStep(
          compilation,
          frame,
          origin,
          base,
          text,
          undoOf(compilation, inside, path, base.path, text['undo']),
        );
      case 'assert': {
        const expression = conditionOf(compilation, unit, [...path, 'assert'], frame, text['assert']);
        const title = name ?? String(text['assert']);
        return { ...base, type: 'assert', title, expression: expression?.cel ?? falseAt(base.at) };
      }
      case 'parallel':
        return {
          ...base,
          type: 'parallel',
          title: name ?? 'At the same time',
          branches: branches(compilation, inside, frame, path, base.path, text),
        };
      case 'steps': {
        const body = buildBlock(
          compilation,
          { ...inside, parent: base.path },
          frame,
          [...path, 'steps'],
          text['steps'] as Json,
        );
        return { ...base, type: 'group', title: name ?? 'One after the other', body };
      }
      case 'undo':
        return buildUndo(compilation, frame, origin, base, text);
    }
  })();
  if (node === undefined) return undefined;
  compilation.origins.set(node, origin);
  complete(frame, node, origin);
  return node;
}

/** From here on the node's outcome can be read. */
function complete(frame: Frame, node: Node, origin: Origin): void {
  if (node.id === undefined || node.type === 'parallel' || node.type === 'group' || node.type === 'for-each')
    return;
  frame.begun.add(node.id);
  if (node.type === 'step' && node.background) frame.streams.add(node.id);
  else frame.completed.set(node.id, outcome(outputType(node, origin)));
}

function outputType(node: Node, origin: Origin): CelType {
  if (node.type === 'assert') return { fields: { holds: 'bool' } };
  if (node.type === 'undo') return { fields: { restored: 'string' } };
  return origin.kind === undefined ? 'dyn' : celTypeOf(origin.kind.output);
}

function branches(
  compilation: Compilation,
  site: Site,
  frame: Frame,
  path: Path,
  parent: string,
  text: Fields,
): Node[] {
  const inside: Site = { ...site, parent, within: [...site.within, 'parallel'] };
  const list = Array.isArray(text['parallel']) ? text['parallel'] : [];
  const built = list.map((item, index) => {
    const branch = fork(frame);
    return { branch, node: buildOne(compilation, inside, branch, [...path, 'parallel', index], item) };
  });
  for (const { branch } of built) join(frame, branch);
  return built.flatMap(({ node }) => node ?? []);
}

function buildLoop(
  compilation: Compilation,
  site: Site,
  frame: Frame,
  path: Path,
  shape: ShapeName,
  text: Fields,
): Node | undefined {
  const { unit } = site;
  const items = itemsOf(compilation, unit, path, frame, text['for-each']);
  const inner = fork(frame, {
    type: items?.type ?? 'dyn',
    values: Array.isArray(items?.items) ? items.items : undefined,
  });
  const body = buildBody(
    compilation,
    { ...site, within: [...site.within, 'for-each'] },
    inner,
    path,
    shape,
    text,
  );
  gather(frame, inner);
  if (body === undefined) return undefined;
  const many = Array.isArray(items?.items) ? `${items.items.length} items` : 'each item';
  const node: ForEach = {
    type: 'for-each',
    path: `${body.path}.for-each`,
    scope: unit.scope,
    title: `${body.title}, for ${many}`,
    at: unit.source.at(path),
    onFailure: 'stop',
    askWithinMs: milliseconds(ASK_WITHIN),
    items: items?.items ?? [],
    maxParallel: Number(text['max-parallel'] ?? 1),
    body,
  };
  compilation.origins.set(node, {
    unit,
    path,
    section: site.section,
    within: site.within,
    skipped: site.skipped,
  });
  return node;
}

/** The author's own steps in place of a kind's undo. They may run much later: outputs and items are gone by then. */
function undoOf(
  compilation: Compilation,
  site: Site,
  path: Path,
  parent: string,
  written: Json | undefined,
): Step['undo'] {
  if (!Array.isArray(written)) return written === 'none' ? 'none' : 'auto';
  const inside: Site = { ...site, parent: `${parent}.undo`, within: [...site.within, 'undo'] };
  return buildBlock(compilation, inside, emptyFrame(), [...path, 'undo'], written);
}
