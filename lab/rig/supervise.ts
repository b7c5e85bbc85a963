/** The rig's processes: started with a log each, started again when they die unasked, held, frozen and stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessSpec {
  /** Unique, e.g. `aks1/kube-apiserver`. */
  name: string;
  /** Path of the executable. */
  program: string;
  args: string[];
  /** Makes ready what it needs, before each of its starts. */
  before?(): Promise<void>;
  /** Asks the component itself; false or a rejection: not yet. */
  isReady(signal: AbortSignal): Promise<boolean>;
}

export interface ProcessState {
  name: string;
  /** Absent while it is down. */
  pid?: number;
  log: string;
  /** How often it died unasked. */
  crashes: number;
  state: 'running' | 'held' | 'frozen' | 'down';
}

export interface Processes {
  /** Starts it and waits until it is ready; throws with the log's path when it is not in time. */
  start(spec: ProcessSpec): Promise<void>;
  /** Kills it, as a machine does that loses power, and keeps it down. */
  hold(name: string): Promise<void>;
  /** Starts again what is held, thaws what is frozen. */
  release(name: string): Promise<void>;
  /** It keeps its connections and does nothing. */
  freeze(name: string): void;
  list(): ProcessState[];
  /** Asks each process of a wave to end, insists after a while, and goes on to the next wave. */
  stop(waves: string[][]): Promise<void>;
}

/** From the start of a process until it must be ready: a first start on two busy cores. */
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;
const RESTART_AFTER_MS = 1000;
/** kube-apiserver waits for the watches of its clients when it is asked to end. */
const INSIST_AFTER_MS = 8_000;

interface Supervised {
  spec: ProcessSpec;
  log: string;
  child?: ChildProcess | undefined;
  crashes: number;
  wanted: boolean;
  frozen: boolean;
}

export interface Told {
  /** A process has come or gone: for the record on disk. */
  changed(): void;
  /** One ended unasked. */
  say(text: string): void;
}

/** @param logs folder of the logs, one file a process. */
export function createProcesses(logs: string, { changed, say }: Told): Processes {
  const all = new Map<string, Supervised>();

  async function launch(one: Supervised): Promise<void> {
    await one.spec.before?.().catch((error: Error) => say(`before ${one.spec.name}: ${error.message}`));
    // It may have been held, or asked to stop, meanwhile.
    if (one.wanted && one.child === undefined) begin(one);
  }

  function begin(one: Supervised): void {
    mkdirSync(dirname(one.log), { recursive: true });
    const output = openSync(one.log, 'a');
    const { program, args } = one.spec;
    // A session of its own: a Ctrl-C meant for the rig must not end its processes before it stops them in order.
    const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    one.child = child;
    one.frozen = false;
    child.once('error', (error) => say(`${one.spec.name}: ${error.message}`));
    child.once('exit', (code, signal) => {
      one.child = undefined;
      changed();
      if (!one.wanted) return;
      one.crashes += 1;
      say(`${one.spec.name} ended by itself (${signal ?? code}) and is started again: ${one.log}`);
      setTimeout(() => void launch(one), RESTART_AFTER_MS).unref();
    });
    changed();
  }

  async function untilReady({ spec, log }: Supervised): Promise<void> {
    const end = AbortSignal.timeout(READY_WITHIN_MS);
    while (!(await spec.isReady(end).catch(() => false))) {
      if (end.aborted)
        throw new Error(`${spec.name} is not ready after ${READY_WITHIN_MS / 1000} s: see ${log}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async function end(one: Supervised, signal: NodeJS.Signals): Promise<void> {
    one.wanted = false;
    const { child } = one;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // A frozen process takes no other signal before it is thawed.
    child.kill('SIGCONT');
    child.kill(signal);
    const insist = setTimeout(() => child.kill('SIGKILL'), INSIST_AFTER_MS);
    await gone;
    clearTimeout(insist);
  }

  function named(name: string): Supervised {
    const one = all.get(name);
    if (one === undefined)
      throw new RangeError(`there is no process ${name}; there are: ${[...all.keys()].join(', ')}`);
    return one;
  }

  return {
    async start(spec) {
      const one = { spec, log: join(logs, `${spec.name}.log`), crashes: 0, wanted: true, frozen: false };
      all.set(spec.name, one);
      await launch(one);
      await untilReady(one);
    },
    async hold(name) {
      await end(named(name), 'SIGKILL');
    },
    async release(name) {
      const one = named(name);
      one.wanted = true;
      if (one.child === undefined) await launch(one);
      else one.child.kill('SIGCONT');
      one.frozen = false;
      await untilReady(one);
      changed();
    },
    freeze(name) {
      const one = named(name);
      one.child?.kill('SIGSTOP');
      one.frozen = true;
      changed();
    },
    list: () => [...all.values()].map(stateOf),
    async stop(waves) {
      const known = waves.map((wave) => wave.flatMap((name) => all.get(name) ?? []));
      for (const wave of known) await Promise.all(wave.map((one) => end(one, 'SIGTERM')));
    },
  };
}

function stateOf({ spec, log, child, crashes, wanted, frozen }: Supervised): ProcessState {
  const state = !wanted ? 'held' : frozen ? 'frozen' : child === undefined ? 'down' : 'running';
  return { name: spec.name, log, crashes, state, ...(child?.pid !== undefined && { pid: child.pid }) };
}
