/** What an expression can see at one place of a run. */

import { fleetScope, type Scope } from '../dsl/evaluate.ts';
import type { Json, Node, Plan } from '../dsl/plan.ts';
import type { Window } from '../dsl/window.ts';

export interface Outcome {
  status: 'done' | 'failed' | 'skipped';
  output: Json;
}

/** Where the interpreter is: the loop items around it and the outcomes it can refer to. */
export interface Frame {
  /** `[2]` in the third item of a loop, `` outside. */
  suffix: string;
  item?: Json;
  /** Branches of a parallel and items of a loop are undone together. */
  group?: string;
  /** In an author's own undo: like steps after the exercise these ask nobody and are not undone themselves. */
  back?: { failed: boolean };
  /** By `scope:id`. */
  outcomes: Map<string, Outcome>;
  parent?: Frame;
}

export const rootFrame = (): Frame => ({ suffix: '', outcomes: new Map() });

export function itemFrame(parent: Frame, index: number, item: Json, group: string): Frame {
  const { back } = parent;
  return {
    suffix: `${parent.suffix}[${index}]`,
    item,
    group,
    ...(back && { back }),
    outcomes: new Map(),
    parent,
  };
}

export function settle(frame: Frame, node: Node, outcome: Outcome): void {
  if (node.id !== undefined) frame.outcomes.set(`${node.scope}:${node.id}`, outcome);
}

/** Outside a loop, the steps of its body are lists in the order of its items. */
export function gather(parent: Frame, items: Frame[]): void {
  for (const key of new Set(items.flatMap((frame) => [...frame.outcomes.keys()]))) {
    const each = items.map((frame) => frame.outcomes.get(key));
    parent.outcomes.set(key, {
      status: each.every((one) => one?.status === 'done') ? 'done' : 'failed',
      output: each.map((one) => one?.output ?? null),
    });
  }
}

export function scopeOf(
  plan: Plan,
  scope: string,
  frame: Frame,
  window: (step: string, ms: number) => Window,
): Scope {
  const steps: Record<string, Outcome> = {};
  const frames: Frame[] = [];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) frames.unshift(at);
  for (const at of frames)
    for (const [key, outcome] of at.outcomes)
      if (key.startsWith(`${scope}:`)) steps[key.slice(scope.length + 1)] = outcome;
  return {
    inputs: plan.inputs,
    fleet: fleetScope(plan.fleet),
    steps: steps as unknown as Record<string, Json>,
    ...(frame.item !== undefined && { item: frame.item }),
    window,
  };
}
