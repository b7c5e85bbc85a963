/** Step instances with their activities, from ids `${path}/${verb}/${n}`. */
import type { Json, Node, Plan } from '../../dsl/plan.ts';
import type { VerbCall, VerbResult } from '../../workflows/protocol.ts';
import type { StepEntry, VerbEntry } from '../journal.ts';
import { isFinal, planIndex } from '../plan-index.ts';
import type { Activity } from './activities.ts';

export function stepsOf(activities: Activity[], plan: Plan): StepEntry[] {
  const index = planIndex(plan);
  const steps = new Map<string, StepEntry>();
  for (const activity of activities) {
    const { path, verb, n } = placeOf(activity);
    if (verb === 'slice') continue;
    const step = steps.get(path) ?? entryOf(path, activity, index.find(path)?.node);
    steps.set(path, step);
    step.verbs.push(verbOf(activity, verb, n));
  }
  return [...steps.values()];
}

/** A guard runs under the engine's own id and names its step in the argument. */
export function placeOf(activity: Activity): { path: string; verb: string; n: number } {
  const parts = activity.id.split('/');
  const n = Number(parts.at(-1) ?? 0);
  if (activity.type === 'engine.guard')
    return { path: (activity.argument as { step?: string } | null)?.step ?? 'engine', verb: 'guard', n };
  return { path: parts.slice(0, -2).join('/'), verb: parts.at(-2) ?? '', n };
}

function entryOf(path: string, activity: Activity, node: Node | undefined): StepEntry {
  const title = node?.title ?? (activity.argument as { title?: string } | null)?.title ?? path;
  const uses = node?.type === 'step' ? node.uses : activity.type.slice(0, activity.type.lastIndexOf('.'));
  return { path, title: isFinal(path) ? `${title}, once more` : title, uses, verbs: [] };
}

function verbOf(activity: Activity, verb: string, n: number): VerbEntry {
  const call = activity.argument as Partial<VerbCall> | null;
  const answer = activity.result as Partial<VerbResult> | null | undefined;
  return {
    verb,
    n,
    scheduledMs: activity.scheduledMs,
    ...(activity.startedMs !== undefined && { startedMs: activity.startedMs }),
    ...(activity.endedMs !== undefined && { endedMs: activity.endedMs }),
    attempts: activity.attempts,
    input: call?.input ?? null,
    ...(call?.snapshot !== undefined && { snapshot: call.snapshot }),
    ...(answer != null && { result: resultOf(answer) }),
    ...(activity.failure !== undefined && { failure: activity.failure }),
    ...(activity.cancelled && { cancelled: true }),
    ...(activity.unworked && { unworked: true }),
  };
}

/** A verb's own result is wrapped; the guard's is not. */
function resultOf(answer: Partial<VerbResult>): Json {
  return 'result' in answer ? (answer.result ?? null) : (answer as unknown as Json);
}

/** The acting worker's clock before its first disrupting call: the first one of the fault counts. */
export function faultAtOf(activities: Activity[]): number | undefined {
  for (const activity of activities) {
    const at = (activity.result as Partial<VerbResult> | null | undefined)?.faultAtMs;
    if (at !== undefined && (activity.argument as Partial<VerbCall> | null)?.fault === true) return at;
  }
  return undefined;
}
