/** Who works a task queue, as the server knows it. */
import proto from '@temporalio/proto';
import type { Queue } from '../../dsl/plan.ts';
import { CONTROL_QUEUE, TRAFFIC_QUEUE } from '../../workflows/protocol.ts';
import type { Session } from './session.ts';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** Workers that asked for work within the last few minutes. */
export async function pollers(session: Session, queue: Queue): Promise<number> {
  const [name, taskQueueType] =
    queue === 'control'
      ? [CONTROL_QUEUE, TASK_QUEUE_TYPE_WORKFLOW]
      : [TRAFFIC_QUEUE, TASK_QUEUE_TYPE_ACTIVITY];
  const { pollers: found } = await session.connection.workflowService.describeTaskQueue({
    namespace: session.namespace,
    taskQueue: { name },
    taskQueueType,
  });
  return found?.length ?? 0;
}
