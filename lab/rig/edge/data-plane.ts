/** The rig's data plane and its control API: entry points and Front Door over the real objects, faults, `/state`. */
import type { PlaneAccess } from './access.ts';
import type { Door } from './door.ts';

/** What the faults do to the rig's processes; `lab/rig/supervise.ts` gives it. Names as `aks1/kube-apiserver`. */
export interface Machines {
  list(): { name: string }[];
  /** Kills it and keeps it down. */
  hold(name: string): Promise<void>;
  /** Starts again what is held, thaws what is frozen; resolves when it is ready. */
  release(name: string): Promise<void>;
  /** It keeps its connections and does nothing. */
  freeze(name: string): void;
}

/** How a member's pods come to life. */
export interface PodLife {
  /** From a pod bound to a node until it is ready. */
  startMs: number;
  /** false: no image can be pulled, new pods never start. */
  pulls: boolean;
}

export interface DataPlaneOptions {
  /** `MEMBER.url`, `front-door*.url`, `management.url`, `azure.token`, `control.url` are written here. */
  folder: string;
  /** From an earlier start. */
  ports?: DataPlanePorts;
  /** By member, without the federation: how its API server is reached directly, past the door. */
  members: Record<string, PlaneAccess>;
  federation: PlaneAccess;
  /** By plane, the federation included. */
  doors: Record<string, Door>;
  machines: Machines;
  /** What new pods of a member do when no fault is set; default 2,000 ms, the measured start of the rig's pods. */
  podLife?: PodLife;
  /** Writes the stages that `MEMBER/kwok` reads when it starts; the data plane restarts kwok itself. */
  writeStages(member: string, life: PodLife): void;
  /** The public host; default hello.example.com. */
  host?: string;
}

export interface DataPlanePorts {
  edge: Record<string, number>;
  frontDoor: Record<string, number>;
  control: number;
}

export interface DataPlane {
  /** To be kept for the next start. */
  ports: DataPlanePorts;
  /** Takes every fault away first, so that what they held runs again. */
  close(): Promise<void>;
}
