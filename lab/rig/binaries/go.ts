/** The Go toolchain, as far as building the rig's programs needs it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { moduleFolder, type ToolModule } from './versions.ts';

const run = promisify(execFile);

/** What a `go` said that did not end well: its last lines. */
export interface GoFailure {
  said: string;
}

/** One module on a slow line. */
const FETCH_WITHIN_MS = 300_000;

export interface Toolchain {
  /** e.g. `1.26.8`. */
  version: string;
  /** Folders of compiled packages and of downloaded modules: both grow by gigabytes. */
  caches: string[];
}

/** Undefined when there is no `go` on PATH that runs. */
export async function toolchain(env: NodeJS.ProcessEnv): Promise<Toolchain | undefined> {
  try {
    const words = ['env', 'GOVERSION', 'GOCACHE', 'GOMODCACHE'];
    const { stdout } = await run('go', words, { env: alone(env), timeout: 30_000 });
    const [version = '', ...caches] = stdout.trim().split('\n');
    return { version: version.replace(/^go/, ''), caches };
  } catch {
    return undefined;
  }
}

/** Where Go keeps the sources of a required module, fetched when they are not there yet. */
export async function sourcesOf(
  path: string,
  module: ToolModule,
  env: NodeJS.ProcessEnv,
): Promise<{ folder: string } | GoFailure> {
  const words = ['mod', 'download', '-json', path];
  const options = { cwd: moduleFolder(module), env: alone(env), timeout: FETCH_WITHIN_MS };
  try {
    const { Dir } = JSON.parse((await run('go', words, options)).stdout) as { Dir: string };
    return { folder: Dir };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return { said: stderr?.trim() || message };
  }
}

/** Nothing but the module's own go.mod decides: no other toolchain, no workspace of a folder above. */
function alone(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' };
}

export interface GoRun {
  module: ToolModule;
  words: string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Told each line that go says while it works. */
  said?(line: string): void;
}

/** Lines of a failed run that are kept: a compiler's message, or a proxy's, with what led to it. */
const KEPT_LINES = 12;

/** Runs go in a tool module. A signal that is aborted interrupts it as Ctrl-C does, and waits for its end. */
export async function go(asked: GoRun): Promise<GoFailure | undefined> {
  const { module, words, env, signal } = asked;
  const child = spawn('go', words, {
    cwd: moduleFolder(module),
    env: alone(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  const lines = collectLines(child, asked.said);
  try {
    const [code] = await once(child, 'close');
    return code === 0 ? undefined : { said: lines.slice(-KEPT_LINES).join('\n') };
  } catch (error) {
    return { said: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

function collectLines(child: ChildProcess, said?: (line: string) => void): string[] {
  const lines: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      said?.(line);
    }
  });
  child.stderr?.on('end', () => void (rest !== '' && lines.push(rest)));
  return lines;
}
