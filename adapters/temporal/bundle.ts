/** The workflow bundle, kept between starts: making it is half of a worker's start-up time. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { stateFolder } from '../references.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Everything a workflow is made of; the lock file stands for its libraries. */
const sources = ['workflows', 'dsl'];

/** Path of the bundle for the code of this checkout. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const folder = join(stateFolder(), 'bundles');
  const codePath = join(folder, `${contentHash()}.js`);
  if (!existsSync(codePath)) {
    const { code } = await bundleWorkflowCode({
      workflowsPath: workflowsPath(),
      logger: new DefaultLogger('WARN'),
    });
    mkdirSync(folder, { recursive: true });
    const unfinished = `${codePath}.${process.pid}`;
    writeFileSync(unfinished, code);
    renameSync(unfinished, codePath);
  }
  return { codePath };
}

/** `index.ts` in a checkout, `index.js` in the published package. */
export function workflowsPath(): string {
  const source = join(root, 'workflows/index.ts');
  return existsSync(source) ? source : join(root, 'workflows/index.js');
}

function contentHash(): string {
  const hash = createHash('sha256');
  for (const folder of sources)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const path = join(entry.parentPath, entry.name);
        hash.update(path.slice(root.length)).update(readFileSync(path));
      }
  const lock = join(root, 'package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex').slice(0, 16);
}
