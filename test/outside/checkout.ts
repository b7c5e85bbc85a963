/** The command line and its processes on a state folder of their own, as a person at a terminal has them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Ended {
  /** Undefined when it was killed. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves with the first match in what it says, or undefined when it ends without one. */
  says(pattern: RegExp): Promise<string | undefined>;
}

export interface Checkout {
  runs: string;
  firedrill(...words: string[]): Running;
  /** As a program does it: with --json, its answer parsed. Rejects after `withinMs`. */
  ask<T>(withinMs: number, ...words: string[]): Promise<{ code: number | undefined; answer: T }>;
  lab<T>(method: string, path: string, body?: object): Promise<T>;
  /** Address of the Temporal server. */
  address(): string;
  /** `kill -9` of a recorded process; false when none lives. */
  kill(name: string): boolean;
}

export function checkoutIn(folder: string): Checkout {
  const home = resolve(folder, 'home');
  const runs = resolve(folder, 'runs');
  const { TEMPORAL_ADDRESS: _, ...inherited } = process.env;
  const env = { ...inherited, FIREDRILL_HOME: home, FIREDRILL_RUNS: runs };
  const record = (name: string) =>
    JSON.parse(readFileSync(join(home, 'processes', `${name}.json`), 'utf8')) as {
      pid: number;
      ports: Record<string, number>;
    };
  const firedrill = (...words: string[]) =>
    running(spawn(process.execPath, ['cli/main.ts', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  return {
    runs,
    firedrill,
    async ask<T>(withinMs: number, ...words: string[]) {
      const command = firedrill(...words, '--json');
      const timer = setTimeout(() => command.child.kill('SIGKILL'), withinMs);
      const { code, stdout, stderr } = await command.ended;
      clearTimeout(timer);
      try {
        return { code, answer: JSON.parse(stdout) as T };
      } catch {
        throw new Error(
          `firedrill ${words.join(' ')} ended with ${code} and no answer:\n${stderr.slice(-2_000)}`,
        );
      }
    },
    async lab<T>(method: string, path: string, body?: object) {
      const url = readFileSync(join(home, 'lab', 'control.url'), 'utf8').trim();
      const answer = await fetch(`${url}${path}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(5_000),
      });
      return (await answer.json()) as T;
    },
    address: () => `127.0.0.1:${record('temporal').ports['grpc']}`,
    kill(name) {
      try {
        return process.kill(record(name).pid, 'SIGKILL');
      } catch {
        return false;
      }
    },
  };
}

function running(child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' };
  let heard: () => void = () => undefined;
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      said[name] += chunk;
      heard();
    });
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => done({ code: code ?? undefined, ...said })),
  );
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((found) => {
        heard = () => {
          const match = pattern.exec(said.stderr + said.stdout);
          if (match !== null) found(match[1] ?? match[0]);
        };
        heard();
        void ended.then(() => found(undefined));
      }),
  };
}
