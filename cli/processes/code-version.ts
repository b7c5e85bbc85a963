/** A hash of the code a process runs, so that one started before an edit is told from one started after it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../place.ts';

/** @param parts Files or folders below the package root; folders are read whole. */
export function codeVersion(parts: string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const part of [...parts, 'package.json'])
    for (const path of sources(join(packageRoot, part))) hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function sources(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(path, name));
}
