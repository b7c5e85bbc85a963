/**
 * The resources behind the management API and the changes that are under way on them. A change takes effect
 * when its operation ends; until then a GET shows it as `Creating`, `Updating` or `Deleting`, as Azure does.
 * Times are wall-clock moments, so that a lab that was killed goes on where it was.
 */
import { randomUUID } from 'node:crypto';
import { lastName, ownerOf } from './resource-id.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the resource type; its rules know it
export type Properties = Record<string, any>;

export interface Resource {
  id: string;
  type: string;
  etag: string;
  location?: string;
  sku?: { name: string };
  tags?: Record<string, string>;
  properties: Properties;
  /** The last operation on it failed. */
  failed?: boolean;
}

export interface Operation {
  id: string;
  resource: string;
  type: string;
  kind: 'Creating' | 'Updating' | 'Deleting';
  endsMs: number;
  /** What the resource will be; undefined when it is deleted. */
  next: Resource | undefined;
  outcome: 'InProgress' | 'Succeeded' | 'Failed';
  /** Decided when it was accepted, by the fault that was in force. */
  willFail: boolean;
}

export interface ResourcesState {
  resources: Resource[];
  operations: Operation[];
}

export interface Resources {
  get(id: string): Resource | undefined;
  /** Direct children of a collection, e.g. (`…/profiles/lab`, `Microsoft.Cdn/profiles/originGroups`). */
  children(parent: string, type: string): Resource[];
  all(): Resource[];
  underWay(id: string): Operation | undefined;
  /** Any operation that has not ended on the profile or Front Door that `id` belongs to. */
  busy(id: string): Operation | undefined;
  operation(id: string): Operation | undefined;
  begin(
    change: Pick<Operation, 'resource' | 'type' | 'kind' | 'next' | 'willFail'>,
    takesMs: number,
  ): Operation;
  state(): ResourcesState;
  close(): void;
}

const key = (id: string) => id.toLowerCase();
/** Ended operations that can still be asked for. */
const KEPT = 200;

export function createResources(state: ResourcesState, onChange: () => void): Resources {
  const resources = new Map(state.resources.map((resource) => [key(resource.id), resource]));
  const operations = new Map(state.operations.map((operation) => [operation.id, operation]));
  const timers = new Map<string, NodeJS.Timeout>();

  function finish(operation: Operation): void {
    timers.delete(operation.id);
    operation.outcome = operation.willFail ? 'Failed' : 'Succeeded';
    const current = resources.get(key(operation.resource));
    if (operation.willFail) {
      if (current) current.failed = true;
    } else if (operation.next) resources.set(key(operation.resource), operation.next);
    else removeTree(operation.resource);
    onChange();
  }

  function removeTree(id: string): void {
    for (const known of resources.keys())
      if (known === key(id) || known.startsWith(`${key(id)}/`)) resources.delete(known);
  }

  function schedule(operation: Operation): void {
    timers.set(operation.id, setTimeout(finish, Math.max(0, operation.endsMs - Date.now()), operation));
  }

  const running = () => [...operations.values()].filter((operation) => operation.outcome === 'InProgress');
  for (const operation of running()) schedule(operation);

  return {
    get: (id) => resources.get(key(id)),
    children: (parent, type) =>
      [...resources.values()].filter(
        (resource) =>
          resource.type.toLowerCase() === type.toLowerCase() &&
          key(resource.id).startsWith(`${key(parent)}/`) &&
          resource.id.split('/').length === parent.split('/').length + 2,
      ),
    all: () => [...resources.values()],
    underWay: (id) => running().find((operation) => key(operation.resource) === key(id)),
    busy: (id) => running().find((operation) => key(ownerOf(operation.resource)) === key(ownerOf(id))),
    operation: (id) => operations.get(id),
    begin(change, takesMs) {
      const operation: Operation = {
        ...change,
        id: randomUUID(),
        endsMs: Date.now() + takesMs,
        outcome: 'InProgress',
      };
      operations.set(operation.id, operation);
      for (const old of [...operations.keys()].slice(0, Math.max(0, operations.size - KEPT)))
        if (operations.get(old)?.outcome !== 'InProgress') operations.delete(old);
      schedule(operation);
      onChange();
      return operation;
    },
    state: () => ({ resources: [...resources.values()], operations: [...operations.values()] }),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** The body of a GET: while a change is under way, its outcome with the provisioning state that says so. */
export function present(resource: Resource, operation: Operation | undefined): Record<string, unknown> {
  const shown = operation?.next ?? resource;
  const { id, type, failed, properties, ...rest } = shown;
  return {
    id,
    type,
    name: lastName(id),
    ...rest,
    properties: {
      ...properties,
      provisioningState: operation?.kind ?? (failed ? 'Failed' : 'Succeeded'),
      ...(type.startsWith('Microsoft.Cdn') && { deploymentStatus: 'NotStarted' }),
    },
  };
}
