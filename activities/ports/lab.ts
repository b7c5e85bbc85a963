/** The lab's control API, where a drill may break what no Kubernetes or cloud API can: a process, a network. */

export interface LabFault {
  id: string;
  /** E.g. `api-gone`. */
  kind: string;
  /** A member, `federation`, or what the fault is set upon: `aks1/aks1-node-0`, a point of presence. */
  target: string;
  options: Record<string, unknown>;
  /** Who set it; absent when they did not say. */
  by?: string;
}

export interface Lab {
  /** Every fault that is in force, whoever set it. */
  faults(signal: AbortSignal): Promise<LabFault[]>;
  /** Sets it; asked again by the same owner, changes nothing. Throws `refused` for a fault the lab does not know. */
  add(fault: Omit<LabFault, 'id'> & { by: string }, signal: AbortSignal): Promise<LabFault>;
  /** False when there was none of this id. */
  remove(id: string, signal: AbortSignal): Promise<boolean>;
}
