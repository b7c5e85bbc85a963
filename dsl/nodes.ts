/** Blocks of steps into nodes of the Plan, in the order in which they run. */
import type { Compilation, Origin, Unit } from './compilation.ts';
import { conditionOf, falseAt, itemsOf } from './conditions.ts';
import { emptyFrame, type Frame, fork, gather, join } from './frame.ts';
import { milliseconds } from './milliseconds.ts';
import type { ForEach, Json, Node, OnFailure, Section, Step } from './plan.ts';
import type { ShapeName } from './schema.ts';
import { readShape } from './shape.ts';
import type { Path } from './source.ts';
import { buildStep } from './step.ts';
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
  const read = readShape(compilation, site.unit, path, frame, item);
  if (read === undefined) return undefined;
  const build = read.loops ? buildLoop : buildBody;
  return build(compilation, site, frame, path, read.shape, read.fields);
}

/** The path of a node: by its id, or by its place and what it is. */
function pathOf(site: Site, path: Path, id: string | undefined, word: string): string {
  return id === undefined ? `${site.parent}.${Number(path.at(-1)) + 1}.${word}` : `${site.prefix}.${id}`;
}

/** In the exercise and on the way back an assert fails the verdict, not the engine, unless its author says so. */
const judging = ({ section }: Site): boolean => section === 'steps' || section === 'recover';

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
    onFailure: (text['on-failure'] ??
      (shape === 'assert' && judging(site) ? 'continue' : 'stop')) as OnFailure,
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
