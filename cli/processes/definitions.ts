/** The processes of a checkout: what each is started with and how it shows that it is up. */
import { stateFolder } from '../../adapters/references.ts';
import { answers } from '../../lab/free-ports.ts';
import { script } from '../place.ts';
import { devServerArguments } from '../temporal/dev-server.ts';
import { temporalExecutable } from '../temporal/executable.ts';
import { codeVersion } from './code-version.ts';
import type { Launch } from './launch.ts';
import { keptPorts } from './ports.ts';
import type { ProcessName, ProcessRecord } from './record.ts';

export interface Definition {
  name: ProcessName;
  /** For a person. */
  title: string;
  /** Differs when the running one should be replaced. */
  version(): string;
  prepare(say: (text: string) => void): Promise<Launch>;
  /** Throws when this machine cannot run it; asked before anything else is started for it. */
  possible?(): Promise<void>;
  /** From its start until it must answer, ms; left out: what a busy laptop needs for a small process. */
  startWithinMs?: number;
  /** Its log tells, line by line, how far its start is: shown to who waits for it. */
  tellsProgress?: true;
  /** Asked of the process itself, never of its record. */
  isUp(record: ProcessRecord): Promise<boolean>;
}

/** A process of ours finds the state folder where the command had it. */
export const home = () => ({ FIREDRILL_HOME: stateFolder() });

export const temporal: Definition = {
  name: 'temporal',
  title: 'the Temporal dev server',
  // A newer server would still serve the same file; there is nothing to replace.
  version: () => 'dev-server',
  async prepare(say) {
    const [executable, ports] = await Promise.all([
      temporalExecutable(say),
      keptPorts('temporal', ['grpc', 'ui']),
    ]);
    const { grpc, ui } = ports as { grpc: number; ui: number };
    say(`the Temporal CLI is ${executable.path} (from ${executable.source}; TEMPORAL_CLI_PATH sets another)`);
    return {
      name: 'temporal',
      command: [executable.path, ...devServerArguments({ grpc, ui })],
      env: {},
      ports: { grpc, ui },
      version: this.version(),
    };
  },
  isUp: (record) => answers(record.ports['grpc']!),
};

const workerCode = ['worker.ts', 'worker.js', 'workflows', 'activities', 'adapters', 'dsl', 'report'];

/** @param address Of the embedded server: a worker that was started for another address is replaced. */
export function workerOn(queue: 'control' | 'traffic', address: string): Definition {
  const name = queue === 'control' ? 'worker' : 'traffic';
  return {
    name,
    title: queue === 'control' ? 'the worker' : 'the traffic worker',
    version: () => `${codeVersion(workerCode)}@${address}`,
    async prepare() {
      return {
        name,
        command: [process.execPath, script('worker'), '--queue', queue],
        env: { ...home(), TEMPORAL_ADDRESS: address },
        ports: {},
        version: this.version(),
      };
    },
    // A worker opens no port. Whether it polls is the server's to say; a run waits for it by itself.
    isUp: async () => true,
  };
}

export const keeper: Definition = {
  name: 'keeper',
  title: 'the keeper: it stops all this when nobody needs it',
  version: () => codeVersion(['cli/processes', 'cli/temporal']),
  async prepare() {
    const command: Launch['command'] = [process.execPath, script('cli/processes/keeper')];
    return { name: 'keeper', command, env: home(), ports: {}, version: this.version() };
  },
  isUp: async () => true,
};
