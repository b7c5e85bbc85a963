/** Finds runbook and fleet files by name or path. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { didYouMean } from './did-you-mean.ts';
import { packageRoot } from './place.ts';
import { problem, usage } from './problem.ts';

/** The working folder's own files come before those of the package. */
function folders(kind: 'runbooks' | 'fleets'): string[] {
  return [...new Set([resolve(kind), join(packageRoot, kind)])];
}

function find(kind: 'runbooks' | 'fleets', nameOrPath: string): string | undefined {
  const candidates = [nameOrPath, ...folders(kind).map((folder) => join(folder, `${nameOrPath}.yaml`))];
  return candidates.map((path) => resolve(path)).find((path) => existsSync(path) && statSync(path).isFile());
}

export function findRunbook(nameOrPath: string): string | undefined {
  return find('runbooks', nameOrPath);
}

/** Paths of all runbooks: the working folder's, else the package's. */
export function allRunbooks(): string[] {
  const folder = folders('runbooks').find((candidate) => existsSync(candidate));
  if (folder === undefined) return [];
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

export function requireRunbook(nameOrPath: string): string {
  return found('runbooks', nameOrPath, 'runbook');
}

export function requireFleet(nameOrPath: string): string {
  return found('fleets', nameOrPath, 'fleet');
}

function found(kind: 'runbooks' | 'fleets', nameOrPath: string, noun: string): string {
  const path = find(kind, nameOrPath);
  if (path !== undefined) return path;
  const names = folders(kind).flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => basename(name, extname(name))) : [],
  );
  const known = [...new Set(names)].filter((name) => name !== 'manifests').sort();
  const remedy = didYouMean(nameOrPath, known) ?? `Known: ${known.join(', ')}; or give a path.`;
  throw usage(problem('FD7006', `there is no ${noun} "${nameOrPath}"`, { remedy }));
}

/** Names of the inputs a runbook declares; [] when it cannot be read, for the compiler says that better. */
export function inputNames(path: string): string[] {
  try {
    const document: unknown = parse(readFileSync(path, 'utf8'), { logLevel: 'silent' });
    const inputs = (document as { inputs?: unknown } | null)?.inputs;
    return typeof inputs === 'object' && inputs !== null ? Object.keys(inputs) : [];
  } catch {
    return [];
  }
}
