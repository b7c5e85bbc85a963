/** What may be referred to at one place of a runbook, going through it in the order in which it runs. */
import type { Json } from './plan.ts';
import { type CelType, outcome } from './types.ts';

export interface Frame {
  /** Outcomes of steps that must have completed by now, by id. */
  completed: Map<string, CelType>;
  /** Steps that may have begun before this place: their undo can be asked for. */
  begun: Set<string>;
  /** Background steps that were started. */
  streams: Set<string>;
  /** The loop's item, inside one. */
  item?: { type: CelType; values: Json[] | undefined };
}

export function emptyFrame(): Frame {
  return { completed: new Map(), begun: new Set(), streams: new Set() };
}

/** A branch or a loop body: sees what is here, adds nothing here by itself. */
export function fork(frame: Frame, item?: Frame['item']): Frame {
  return {
    completed: new Map(frame.completed),
    begun: new Set(frame.begun),
    streams: new Set(frame.streams),
    ...((item ?? frame.item) !== undefined && { item: item ?? frame.item! }),
  };
}

/** Takes over what a finished branch completed. */
export function join(frame: Frame, branch: Frame): void {
  for (const [id, type] of branch.completed) frame.completed.set(id, type);
  for (const id of branch.begun) frame.begun.add(id);
  for (const id of branch.streams) frame.streams.add(id);
}

/** Takes over what a finished loop completed: outside, the outputs of its steps are lists in item order. */
export function gather(frame: Frame, body: Frame): void {
  for (const [id, type] of body.completed) {
    if (frame.completed.has(id)) continue;
    const output = typeof type === 'object' && 'fields' in type ? type.fields['output'] : undefined;
    frame.completed.set(id, outcome({ list: output ?? 'dyn' }));
  }
  for (const id of body.begun) frame.begun.add(id);
}
