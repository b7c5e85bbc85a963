/** `undo: STEP`: runs the undo of an earlier step now. */
import { type Compilation, type Origin, report } from './compilation.ts';
import type { Frame } from './frame.ts';
import { milliseconds } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import type { Json, Node, Undo } from './plan.ts';

/** Undefined when its target is none, which was reported. */
export function buildUndo(
  compilation: Compilation,
  frame: Frame,
  { unit, path }: Origin,
  base: Omit<Node, 'type' | 'title'>,
  text: { [key: string]: Json },
): Undo | undefined {
  const id = typeof text['undo'] === 'string' ? text['undo'] : undefined;
  if (id === undefined) return undefined;
  const target = [...compilation.origins].find(
    ([node, origin]) => origin.unit === unit && node.type === 'step' && node.id === id && frame.begun.has(id),
  )?.[0];
  if (target?.type !== 'step') {
    const ids = [...compilation.origins.keys()].flatMap((node) =>
      node.type === 'step' && node.id !== undefined && frame.begun.has(node.id) && node.effect !== 'reads'
        ? node.id
        : [],
    );
    report(compilation, unit, [...path, 'undo'], {
      code: 'FD1206',
      what: unit.ids.has(id) ? `'${id}' is no step that can have begun here` : `there is no step '${id}'`,
      found: `undo: ${id}`,
      expected: ids.length === 0 ? 'a step before this one' : `one of ${ids.join(', ')}`,
      nearest: nearest(id, ids),
      remedy:
        'Name the id of a step that comes before; to undo nothing at the end, put `undo: none` on the step itself',
    });
    return undefined;
  }
  const timeoutMs = typeof text['timeout'] === 'string' ? milliseconds(text['timeout']) : target.timeoutMs;
  return {
    ...base,
    type: 'undo',
    title: String(text['name'] ?? `Undo: ${target.title}`),
    target: target.path,
    timeoutMs,
  };
}
