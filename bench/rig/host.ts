/** A rig of the benchmark's own, as `firedrill lab up --tier rig` starts it, in a folder that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { layout } from '../../lab/rig/layout.ts';
import { type RecordedProcess, readRecord } from '../../lab/rig/record.ts';

export interface Host {
  /** The rig's folder. */
  folder: string;
  kubeconfig: string;
  /** Starts its processes and waits until all say that they are ready. */
  up(): Promise<void>;
  /** Ends them in order; what etcd knows stays. */
  down(): Promise<void>;
  /** Its processes, the one that supervises among them. */
  processes(): Pick<RecordedProcess, 'name' | 'pid'>[];
  /** They keep what they have and do nothing until they are thawed. */
  freeze(...names: string[]): void;
  thaw(...names: string[]): void;
  /** Ends it and removes the folder. */
  remove(): Promise<void>;
}

const main = fileURLToPath(new URL('../../lab/rig/main.ts', import.meta.url));

export function createHost(): Host {
  const home = mkdtempSync(join(tmpdir(), 'firedrill-bench-rig-'));
  const folder = join(home, 'rig');
  let child: ChildProcess | undefined;

  async function up() {
    const env = { ...process.env, FIREDRILL_HOME: home };
    // A session of its own: a Ctrl-C ends the benchmark, which then ends the rig.
    child = spawn(process.execPath, [main], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) {
      said.push(line);
      if (line.includes('rig ready')) break;
    }
    child.stdout!.resume();
    if (!said.at(-1)?.includes('rig ready')) throw new Error(`the rig did not start:\n${said.join('\n')}`);
  }

  async function down() {
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    child = undefined;
  }

  function processes() {
    const record = readRecord(folder);
    return record ? [{ name: 'rig', pid: record.pid }, ...record.processes] : [];
  }

  function signal(name: NodeJS.Signals, wanted: string[]) {
    for (const { name: found, pid } of processes())
      if (pid !== undefined && wanted.includes(found)) process.kill(pid, name);
  }

  return {
    folder,
    kubeconfig: layout(folder).kubeconfig,
    up,
    down,
    processes,
    freeze: (...names) => signal('SIGSTOP', names),
    thaw: (...names) => signal('SIGCONT', names),
    async remove() {
      await down();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
