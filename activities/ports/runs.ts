/** What the server knows of runs. Workers hold no state: the Plan of a step is read from its run's first event. */
import type { Plan } from '../../dsl/plan.ts';

export interface Execution {
  workflowId: string;
  runId: string;
}

export interface RunIdentity {
  plan: Plan;
  /** Workflow id of the drill; of a `restore`, the id of the drill it finishes. */
  run: string;
}

export interface Runs {
  /** Cached: a Plan never changes. */
  identify(execution: Execution): Promise<RunIdentity>;
  /** Every event so far, as proto JSON. */
  history(execution: Execution): Promise<{ events: unknown[] }>;
}
