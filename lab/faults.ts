/** The faults that are in force in the lab: one registry for API servers, clusters, origins and load balancer. */
export interface Fault {
  id: string;
  kind: string;
  /** A cluster (`aks1`, `federation`), an origin (`aks1`), a POP (`icn`) or, for a node, `aks1/aks1-node-0`. */
  target: string;
  options: Record<string, unknown>;
  /** Who set it, in words of their own: the same owner's second request for it changes nothing. */
  by?: string;
}

export interface Faults {
  active(): Fault[];
  /**
   * Returns the fault's id: the one that is there already, when its owner asks for it again. Throws a RangeError
   * that names the known kinds.
   */
  add(fault: Omit<Fault, 'id' | 'options'> & { options?: Fault['options'] }): string;
  remove(id: string): boolean;
  /** Called after each change. Returns how to stop. */
  onChange(handler: (fault: Fault, change: 'added' | 'removed') => void): () => void;
  matching(kind: string, target: string): Fault | undefined;
}

interface FaultKind {
  /** What it is set upon. */
  on: 'api' | 'cluster' | 'node' | 'origin' | 'pop' | 'management';
  doc: string;
  /** Option name → what it means, with its default. */
  options?: Record<string, string>;
}

export const faultKinds: Record<string, FaultKind> = {
  'api-429': {
    on: 'api',
    doc: 'answers 429 Too Many Requests',
    options: { retryAfter: 'seconds in Retry-After, default 1', verbs: 'only these verbs, e.g. ["patch"]' },
  },
  'api-500': {
    on: 'api',
    doc: 'answers 500 InternalError',
    options: { verbs: 'only these verbs, e.g. ["patch"]' },
  },
  'api-timeout': {
    on: 'api',
    doc: 'takes requests and never answers',
    options: { verbs: 'only these verbs' },
  },
  'api-slow': {
    on: 'api',
    doc: 'answers late',
    options: { delayMs: 'default 2000', verbs: 'only these verbs' },
  },
  'api-reset': {
    on: 'api',
    doc: 'does what it is asked and resets the connection instead of answering',
    options: { verbs: 'only these verbs' },
  },
  'api-gone': { on: 'api', doc: 'refuses connections: the listener is closed' },
  partition: { on: 'api', doc: 'the API cannot be reached (requests hang) while the pods still serve' },
  'stale-status': { on: 'api', doc: 'reads answer every status as it was when the fault began' },
  'frozen-controller': { on: 'cluster', doc: 'a controller stops', options: { controller: 'its name' } },
  'pod-start-slow': { on: 'cluster', doc: 'pods take longer to start', options: { ms: 'default 20000' } },
  'image-pull': { on: 'cluster', doc: 'no image can be pulled: new pods never start' },
  'node-down': { on: 'node', doc: 'the node stops: its pods serve no more and it becomes NotReady' },
  'origin-503': { on: 'origin', doc: 'the entry point answers 503' },
  'origin-refuse': { on: 'origin', doc: 'the entry point refuses connections' },
  'origin-reset': { on: 'origin', doc: 'the entry point resets connections' },
  'origin-blackhole': { on: 'origin', doc: 'the entry point never answers' },
  'origin-slow': { on: 'origin', doc: 'the entry point answers late', options: { delayMs: 'default 2000' } },
  'origin-no-identity': { on: 'origin', doc: 'the entry point fails (503) and does not say which it is' },
  'pop-stuck': { on: 'pop', doc: 'the POP keeps the origins it has: probes and edits change nothing' },
  'pop-probes-fail': { on: 'pop', doc: "the POP's probes of every origin fail" },
  'management-429': {
    on: 'management',
    doc: 'the management API answers 429',
    options: { retryAfter: 'seconds' },
  },
  'management-500': { on: 'management', doc: 'the management API answers 500' },
  'management-operation-fails': { on: 'management', doc: 'changes are accepted and then fail' },
  'management-slow-rollout': {
    on: 'management',
    doc: 'changes succeed and reach the POPs late',
    options: { delayMs: 'default 60000' },
  },
};

export function createFaults(initial: Fault[] = []): Faults {
  const faults = new Map<string, Fault>(initial.map((fault) => [fault.id, fault]));
  const handlers = new Set<(fault: Fault, change: 'added' | 'removed') => void>();
  let last = Math.max(0, ...initial.map((fault) => Number(fault.id.slice(1))));

  function tell(fault: Fault, change: 'added' | 'removed'): void {
    for (const handler of [...handlers]) handler(fault, change);
  }

  const active = () => [...faults.values()];

  return {
    active,
    add({ kind, target, options = {}, by }) {
      if (!Object.hasOwn(faultKinds, kind))
        throw new RangeError(
          `there is no fault ${JSON.stringify(kind)}; known: ${Object.keys(faultKinds).join(', ')}`,
        );
      const known = faultKinds[kind]?.options ?? {};
      for (const option of Object.keys(options))
        if (!Object.hasOwn(known, option))
          throw new RangeError(
            `${kind} has no option ${JSON.stringify(option)}; it takes: ${Object.keys(known).join(', ') || 'none'}`,
          );
      const same = active().find(
        (one) => by !== undefined && one.by === by && one.kind === kind && one.target === target,
      );
      if (same !== undefined) return same.id;
      last += 1;
      const fault: Fault = { id: `f${last}`, kind, target, options, ...(by !== undefined && { by }) };
      faults.set(fault.id, fault);
      tell(fault, 'added');
      return fault.id;
    },
    remove(id) {
      const fault = faults.get(id);
      if (fault === undefined) return false;
      faults.delete(id);
      tell(fault, 'removed');
      return true;
    },
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    matching: (kind, target) =>
      active().find((fault) => fault.kind === kind && (fault.target === target || fault.target === '*')),
  };
}

/** Whether a controller elsewhere (Karmada) can reach an API server now, and how it would notice if not. */
export function reachability(faults: Faults, cluster: string): 'answers' | 'refuses' | 'hangs' | 'fails' {
  if (faults.matching('api-gone', cluster)) return 'refuses';
  if (faults.matching('partition', cluster) || faults.matching('api-timeout', cluster)) return 'hangs';
  if (faults.matching('api-500', cluster) || faults.matching('api-reset', cluster)) return 'fails';
  return 'answers';
}

/** Whether a named controller of a cluster is stopped. */
export function isFrozen(faults: Faults, cluster: string, controller: string): boolean {
  return faults
    .active()
    .some(
      (fault) =>
        fault.kind === 'frozen-controller' &&
        (fault.target === cluster || fault.target === '*') &&
        (fault.options.controller ?? controller) === controller,
    );
}

export function isNodeDown(faults: Faults, cluster: string, node: string): boolean {
  return faults.matching('node-down', `${cluster}/${node}`) !== undefined;
}
