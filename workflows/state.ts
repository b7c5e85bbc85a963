/** What a watcher sees: the `state` query, and the details shown by the Temporal Web UI. */
import { setCurrentDetails } from '@temporalio/workflow';
import { type Node, type Plan, sections, walk } from '../dsl/plan.ts';
import type { SliceResult } from '../dsl/window.ts';
import type { Phase, RunState, StepState, StepStatus } from './protocol.ts';

/** Slices kept for watchers; the history has them all. */
const KEPT_SLICES = 12;

export interface Watched {
  readonly state: RunState;
  phase(phase: Phase): void;
  step(path: string, title: string, kind: string, status: StepStatus, error?: string): void;
  undone(path: string, undone: NonNullable<StepState['undone']>): void;
  slice(path: string, slice: SliceResult): void;
}

export function watched(plan: Plan, startedMs: number): Watched {
  const state: RunState = {
    runbook: plan.runbook.name,
    phase: 'preflight',
    startedMs,
    steps: sections.flatMap((section) => [...walk(plan.sections[section])].flatMap(pending)),
    ...(plan.victim !== undefined && { victim: plan.victim }),
    traffic: {},
    findings: [],
  };
  const show = () => setCurrentDetails(details(state));
  const find = (path: string) => state.steps.find((step) => step.path === path);
  return {
    state,
    phase(phase) {
      state.phase = phase;
      show();
    },
    step(path, title, kind, status, error) {
      let step = find(path);
      if (step === undefined) {
        step = { path, title, kind, status };
        state.steps.splice(positionOf(state.steps, path), 0, step);
      }
      step.status = status;
      if (status === 'running' && step.startedMs === undefined) step.startedMs = Date.now();
      if (settled(status)) step.endedMs = Date.now();
      if (error === undefined) delete step.error;
      else step.error = error;
      show();
    },
    undone(path, undone) {
      const step = find(path);
      if (step === undefined) return;
      step.undone = undone;
      show();
    },
    slice(path, slice) {
      const kept = state.traffic[path] ?? [];
      state.traffic[path] = [...kept, slice].sort((a, b) => a.fromMs - b.fromMs).slice(-KEPT_SLICES);
    },
  };
}

function pending(node: Node): StepState[] {
  if (node.type === 'parallel' || node.type === 'group' || node.type === 'for-each') return [];
  const kind = node.type === 'step' ? node.uses : node.type;
  return [{ path: node.path, title: node.title, kind, status: 'pending' }];
}

function settled(status: StepStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'skipped' || status === 'cancelled';
}

/** An instance of a loop's body goes behind its template, which it replaces in the picture when first seen. */
function positionOf(steps: StepState[], path: string): number {
  const template = path.replace(/\[\d+\]/g, '');
  const at = steps.findLastIndex((step) => step.path.replace(/\[\d+\]/g, '') === template);
  if (at < 0) return steps.length;
  if (steps[at]?.path === template) {
    steps.splice(at, 1);
    return at;
  }
  return at + 1;
}

const marks: Record<StepStatus, string> = {
  pending: '·',
  approval: '✋ waits for approval',
  running: '▶',
  asking: '❓ waits for an answer',
  done: '✓',
  failed: '✗',
  skipped: '– skipped',
  cancelled: '– cancelled',
};

/** Markdown: someone who has only the runbook should understand the Web UI from this. */
function details(state: RunState): string {
  const rows = state.steps.map((step) => {
    const undone = step.undone === undefined ? '' : `, put back: ${step.undone}`;
    return `| ${marks[step.status]}${undone} | ${step.title} | ${step.kind} | ${step.error ?? ''} |`;
  });
  return [`**${state.runbook}** · ${state.phase}`, '', '| | step | kind | |', '|-|-|-|-|', ...rows].join(
    '\n',
  );
}
