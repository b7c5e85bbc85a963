/** kubectl of the rig's own version, as a person starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Binary, findBinaries } from '../../lab/rig/binaries.ts';

export type Kubectl = (context: string, ...args: string[]) => Promise<void>;

/** @returns Runs it to its end; rejects with what it said when that is not 0. */
export async function findKubectl(kubeconfig: string): Promise<Kubectl> {
  const { path } = (await findBinaries()).found.kubectl as Binary;
  return async (context, ...args) => {
    const words = ['--kubeconfig', kubeconfig, '--context', context, ...args];
    const child = spawn(path, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${said}`);
  };
}
