/** Where this code lives: a checkout (`.ts`, run as it is) or the built package (`.js`). */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** The folder of runbooks, fleets and worker. */
export const packageRoot = dirname(dirname(here));

/** A module of ours as a file, e.g. `script('cli/main')`. */
export function script(name: string): string {
  return join(packageRoot, `${name}${here.endsWith('.ts') ? '.ts' : '.js'}`);
}

export function version(): string {
  const file = [packageRoot, dirname(packageRoot)]
    .map((folder) => join(folder, 'package.json'))
    .find((candidate) => existsSync(candidate));
  return file === undefined
    ? 'unknown'
    : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
