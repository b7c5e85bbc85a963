/** Upper bounds of what a run writes into the workflow's history, from the Plan alone. */
import type { Node, Section, Step } from './plan.ts';
import { SLICE_MS } from './window.ts';

export interface Weight {
  activities: number;
  events: number;
  bytes: number;
}
export interface Bounds {
  total: Weight;
  /** What each step adds, heaviest first. */
  steps: { node: Step; weight: Weight }[];
}

/** Measured: 200 activities are 1,205 events (scheduled, started, completed, and a workflow task of three). */
const EVENTS_AN_ACTIVITY = 6;
/** Measured: 155 KB for those 200, without their inputs and results. */
const BYTES_AN_ACTIVITY = 800;
/** A result with a bounded series, or a snapshot of the affected objects; estimates on the large side. */
const BYTES_A_RESULT = 6 * 1024;
/** The engine's own record of a decision: a marker and its workflow task. */
const RECORD: Weight = { activities: 0, events: 4, bytes: 600 };
/** Preflight, lock, controls, unlock, archive; the sections' records. */
const ENGINE: Weight = { activities: 6, events: 60, bytes: 64 * 1024 };
/** An act comes back after at most this long to be called again, ms. */
const ATTEMPT_MS = 30_000;
/** A row of a second's counts is about this long; clusters × this many classes are seen at worst. */
const BYTES_A_ROW = 64;
const CLASSES = 4;
const BYTES_A_SLICE_AT_MOST = 32 * 1024;

export function boundsOf(sections: Record<Section, Node[]>, members: number): Bounds {
  const all = Object.values(sections).flat();
  // The safety net may take as long again as every act.
  const longestMs = all.reduce((sum, node) => sum + durationOf(node) + undoDurationOf(node), 0);
  const steps = new Map<Step, Weight>();
  let total = ENGINE;
  for (const node of all) total = add(total, weigh(node, 1, { longestMs, members, steps }));
  const heaviest = [...steps].map(([node, weight]) => ({ node, weight }));
  return { total, steps: heaviest.sort((a, b) => b.weight.bytes - a.weight.bytes) };
}

interface Context {
  longestMs: number;
  members: number;
  steps: Map<Step, Weight>;
}

function weigh(node: Node, times: number, context: Context): Weight {
  switch (node.type) {
    case 'step': {
      const own = multiply(stepWeight(node, context), times);
      context.steps.set(node, own);
      return Array.isArray(node.undo) ? add(own, sum(node.undo, times, context)) : own;
    }
    case 'parallel':
      return sum(node.branches, times, context);
    case 'group':
      return sum(node.body, times, context);
    case 'for-each':
      return weigh(node.body, times * itemCount(node), context);
    default:
      return multiply(RECORD, times);
  }
}

const MOST_ITEMS = 200;
export function itemCount(node: Extract<Node, { type: 'for-each' }>): number {
  return Array.isArray(node.items) ? node.items.length : MOST_ITEMS;
}

function stepWeight(step: Step, { longestMs, members }: Context): Weight {
  const input = Buffer.byteLength(JSON.stringify(step.with));
  if (step.background) {
    const rows = (SLICE_MS / 1_000) * (members + 1) * CLASSES;
    const bytes = Math.min(BYTES_A_SLICE_AT_MOST, 1_500 + rows * BYTES_A_ROW) + input + BYTES_AN_ACTIVITY;
    const slices = Math.ceil(longestMs / SLICE_MS);
    return { activities: slices, events: slices * EVENTS_AN_ACTIVITY, bytes: slices * bytes };
  }
  const calls = Math.ceil(step.timeoutMs / ATTEMPT_MS);
  // Guard, snapshot, act, probes, undo, compare.
  const activities = step.verbs.includes('act') ? calls * 2 + 3 + (step.fault ? 2 : 0) : 1;
  const each = {
    activities: 1,
    events: EVENTS_AN_ACTIVITY,
    bytes: BYTES_AN_ACTIVITY + BYTES_A_RESULT + input,
  };
  return add(multiply(each, activities), RECORD);
}

/** The longest a node can take, ms; answers of a person to a failure not counted. */
export function durationOf(node: Node): number {
  switch (node.type) {
    case 'step':
      return (node.background ? 0 : node.timeoutMs) + (node.approval?.withinMs ?? 0);
    case 'parallel':
      return Math.max(0, ...node.branches.map(durationOf));
    case 'group':
      return node.body.reduce((total, one) => total + durationOf(one), 0);
    case 'for-each':
      return Math.ceil(itemCount(node) / node.maxParallel) * durationOf(node.body);
    case 'undo':
      return node.timeoutMs;
    case 'assert':
      return 0;
  }
}

function undoDurationOf(node: Node): number {
  switch (node.type) {
    case 'step':
      return node.verbs.includes('act') ? node.timeoutMs : 0;
    case 'parallel':
      return Math.max(0, ...node.branches.map(undoDurationOf));
    case 'group':
      return node.body.reduce((total, one) => total + undoDurationOf(one), 0);
    case 'for-each':
      return undoDurationOf(node.body);
    default:
      return 0;
  }
}

function sum(nodes: Node[], times: number, context: Context): Weight {
  return nodes.reduce((total, node) => add(total, weigh(node, times, context)), {
    activities: 0,
    events: 0,
    bytes: 0,
  });
}

function add(a: Weight, b: Weight): Weight {
  return { activities: a.activities + b.activities, events: a.events + b.events, bytes: a.bytes + b.bytes };
}

function multiply(weight: Weight, times: number): Weight {
  return {
    activities: weight.activities * times,
    events: weight.events * times,
    bytes: weight.bytes * times,
  };
}
