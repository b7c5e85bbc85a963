/** Runs a process of ours in this terminal, with its output and until its end. */
import { spawn } from 'node:child_process';
import { cannot, problem } from './problem.ts';

/** Ctrl-C reaches the child by itself; this process waits for what it makes of it. */
export function foreground(command: string[], env: Record<string, string>): Promise<number> {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { stdio: 'inherit', env: { ...process.env, ...env } });
  const ignore = () => {};
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(cannot(problem('FD7011', error.message, { where: program }))));
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
