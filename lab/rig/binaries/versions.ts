/** What the rig is pinned to: the `go.mod` files of its tool modules say it, and nothing else does. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Without the leading `v`, e.g. `1.35.4`. */
export interface Versions {
  karmada: string;
  kubernetes: string;
  etcd: string;
  kwok: string;
}

export type ToolModule = 'karmada' | 'kwok';

/** Where the `go.mod` of a tool module is; part of the package, beside this code. */
export function moduleFolder(name: ToolModule): string {
  return join(import.meta.dirname, '..', 'tools', name);
}

export function pinnedVersions(): Versions {
  return {
    karmada: required('karmada', 'github.com/karmada-io/karmada'),
    kubernetes: required('karmada', 'k8s.io/kubernetes'),
    etcd: required('karmada', 'go.etcd.io/etcd/server/v3'),
    kwok: required('kwok', 'sigs.k8s.io/kwok'),
  };
}

/**
 * The version an etcd of that `go.mod` prints. It is that of its api module, which Karmada lifts to a later patch
 * than the server's.
 */
export function etcdPrints(): string {
  return required('karmada', 'go.etcd.io/etcd/api/v3');
}

/** The least Go that the module can be built with, e.g. `1.26.0`. */
export function goOf(name: ToolModule): string {
  return found(name, /^go (\S+)$/m, 'go');
}

/** A word for the whole set, e.g. `karmada-1.18.2+kubernetes-1.35.4+etcd-3.6.5+kwok-0.8.0`. */
export function versionsKey(versions: Versions = pinnedVersions()): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name}-${version}`)
    .join('+');
}

/** Outside the checkout, so that every checkout of one version shares one build. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] ?? homedir(), '.cache');
  return join(cache, 'firedrill', 'rig', versionsKey(), 'bin');
}

/** Beside the programs of a folder: what Karmada has besides them (see `collectAssets`). */
export function assetsBeside(programs: string): string {
  return join(dirname(programs), 'assets');
}

function required(name: ToolModule, path: string): string {
  const escaped = path.replaceAll(/[.]/g, '\\.');
  return found(name, new RegExp(`^\\s(?:require )?${escaped} v(\\S+)`, 'm'), path);
}

function found(name: ToolModule, pattern: RegExp, what: string): string {
  const file = join(moduleFolder(name), 'go.mod');
  const version = pattern.exec(readFileSync(file, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} has no line for ${what}`);
  return version;
}
