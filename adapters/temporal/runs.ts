/** Reads runs from the Temporal server. */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import type { Execution, RunIdentity, Runs } from '../../activities/ports/runs.ts';
import type { Plan } from '../../dsl/plan.ts';
import { RESTORE_WORKFLOW, type RestoreInput } from '../../workflows/protocol.ts';

/** Plans kept in memory; a worker sees few runs at a time. */
const KEPT = 50;

export function createRuns(client: Client): Runs {
  const identities = new Map<string, Promise<RunIdentity>>();
  return {
    identify(execution) {
      const key = execution.runId;
      let found = identities.get(key);
      if (found === undefined) {
        found = identify(client, execution);
        // A failure is not kept: the next attempt asks again.
        found.catch(() => identities.delete(key));
        identities.set(key, found);
        const oldest = identities.keys().next().value;
        if (identities.size > KEPT && oldest !== undefined) identities.delete(oldest);
      }
      return found;
    },
    async history({ workflowId, runId }) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      return JSON.parse(historyToJSON(history)) as { events: unknown[] };
    },
  };
}

async function identify(client: Client, { workflowId, runId }: Execution): Promise<RunIdentity> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const argument = decode(started?.input?.payloads?.[0]);
  if (started?.workflowType?.name === RESTORE_WORKFLOW) {
    const { plan, run } = argument as RestoreInput;
    return { plan, run };
  }
  return { plan: argument as Plan, run: workflowId };
}

function decode(payload: temporal.api.common.v1.IPayload | undefined): unknown {
  return payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload);
}
