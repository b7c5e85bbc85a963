/** What would make a build of the rig's programs fail, found before it begins. */
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Toolchain, toolchain } from './go.ts';
import { buildSeconds, neededTools, type Tool, tools } from './tools.ts';
import { goOf, type ToolModule } from './versions.ts';

export interface Obstacle {
  where: string;
  what: string;
  remedy: string;
}

const GIB = 2 ** 30;
/**
 * Go's caches after a build of the needed programs from nothing: 6.8 GB compiled, 1.6 GB of sources; the programs
 * themselves 0.7 GB, and as much again while one is linked.
 */
const ROOM = 10 * GIB;

/** All of them at once; [] when a build may begin. */
export async function obstacles(wanted: Tool[], folder: string, env: NodeJS.ProcessEnv): Promise<Obstacle[]> {
  const go = await toolchain(env);
  const least = leastGo(wanted);
  if (go === undefined)
    return [
      {
        where: 'PATH',
        what: 'there is no `go` on it that runs',
        remedy: `Install Go ${least} or later (https://go.dev/dl), or bring programs built elsewhere: FIREDRILL_RIG_BIN=FOLDER.`,
      },
      ...unwritable(folder),
    ];
  return [...tooOld(go, wanted), ...unwritable(folder), ...noRoom(wanted, go.caches)];
}

/** The latest of the modules' `go` lines, for those programs. */
export function leastGo(wanted: Tool[]): string {
  const versions = modulesOf(wanted).map(goOf);
  return versions.reduce((latest, one) => (isOlder(latest, one) ? one : latest), '0');
}

function modulesOf(wanted: Tool[]): ToolModule[] {
  // With every program there, Karmada's definitions are still wanted.
  if (wanted.length === 0) return ['karmada'];
  return [...new Set(wanted.map((tool) => tools[tool].module))];
}

function tooOld({ version }: Toolchain, wanted: Tool[]): Obstacle[] {
  return modulesOf(wanted)
    .filter((module) => isOlder(version, goOf(module)))
    .map((module) => ({
      where: `lab/rig/tools/${module}/go.mod`,
      what: `it asks for Go ${goOf(module)}, and \`go\` on PATH is ${version}`,
      remedy: `Install Go ${leastGo(wanted)} or later, or bring programs built elsewhere: FIREDRILL_RIG_BIN=FOLDER.`,
    }));
}

/** Of Go's versions, e.g. `1.25.10` and `1.26rc1`; what is no number (`devel …`) counts as new. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  if (a.length === 0) return false;
  for (const at of [0, 1, 2]) if ((a[at] ?? 0) !== (b[at] ?? 0)) return (a[at] ?? 0) < (b[at] ?? 0);
  return false;
}

function numbers(version: string): number[] {
  return /^\d+(\.\d+)*/.exec(version)?.[0].split('.').map(Number) ?? [];
}

function unwritable(folder: string): Obstacle[] {
  const there = existing(folder);
  const remedy = 'Make it a folder that can be written, or set XDG_CACHE_HOME to one.';
  if (!statSync(there).isDirectory()) return [{ where: there, what: 'it is no folder', remedy }];
  try {
    accessSync(there, constants.W_OK);
    return [];
  } catch (error) {
    return [{ where: there, what: (error as Error).message, remedy }];
  }
}

/**
 * What is compiled already needs no room again: Go's own caches are counted before a build is refused.
 *
 * @param free Bytes that are free where a folder is.
 */
export function noRoom(
  wanted: Tool[],
  caches: string[],
  free: (folder: string) => number = freeIn,
): Obstacle[] {
  const needed = ROOM * Math.min(1, buildSeconds(wanted) / buildSeconds(neededTools));
  const [first = '.'] = caches;
  const there = free(first);
  if (there >= needed || there + caches.reduce((sum, cache) => sum + sizeOf(cache), 0) >= needed) return [];
  const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;
  return [
    {
      where: first,
      what: `${gib(there)} free, and the build fills Go's caches with about ${gib(needed)}`,
      remedy: 'Make room, or point GOCACHE and GOMODCACHE at a disk that has it.',
    },
  ];
}

function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(existing(folder));
  return bavail * bsize;
}

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.reduce(
    (sum, { parentPath, name }) =>
      sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The folder, or the nearest one above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}
