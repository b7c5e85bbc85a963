/** Finds the programs of the rig: FIREDRILL_RIG_BIN, then PATH, then what `firedrill lab build` built. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../executable.ts';
import { versionOf } from './binaries/ask.ts';
import { neededTools, type Tool, toolNames, tools } from './binaries/tools.ts';
import { assetsBeside, cacheFolder, etcdPrints, pinnedVersions } from './binaries/versions.ts';

export interface Binary {
  path: string;
  source: 'FIREDRILL_RIG_BIN' | 'PATH' | 'cache';
  /** Without the leading `v`; undefined when it did not say. */
  version: string | undefined;
}

export interface Binaries {
  found: Partial<Record<Tool, Binary>>;
  /** Those the rig does not start without, in the order of their build. */
  missing: Tool[];
  /** Folder of `readAssets`; undefined when there is none, and then the rig does not start. */
  assets: string | undefined;
  /** For a person: versions that differ, and what was done about it. */
  remarks: string[];
}

/** What a rig of this environment runs: see `extrasOf`. In the order of their build. */
export function toolsFor(env: NodeJS.ProcessEnv = process.env): Tool[] {
  const extra: Tool[] = [
    ...(env['FIREDRILL_LAB_PULL'] ? (['karmada-agent'] as const) : []),
    ...(env['FIREDRILL_RIG_DESCHEDULER'] === '1'
      ? (['karmada-descheduler', 'karmada-scheduler-estimator'] as const)
      : []),
  ];
  return [...neededTools, ...extra];
}

/** Beside the programs that a person names, else beside those that we built. */
function findAssets(env: NodeJS.ProcessEnv): string | undefined {
  const given = env['FIREDRILL_RIG_BIN'];
  const folders = [...(given ? [given] : []), cacheFolder(env)].map(assetsBeside);
  return folders.find((folder) => existsSync(folder));
}

interface Look {
  binary?: Binary;
  remark?: string;
}

/** @param env Says where to look (FIREDRILL_RIG_BIN, PATH, XDG_CACHE_HOME, HOME), and what for (see `toolsFor`). */
export async function findBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Binaries> {
  const looks = await Promise.all(toolNames.map(async (tool) => [tool, await lookFor(tool, env)] as const));
  const found: Binaries['found'] = {};
  for (const [tool, { binary }] of looks) if (binary !== undefined) found[tool] = binary;
  return {
    found,
    missing: toolsFor(env).filter((tool) => found[tool] === undefined),
    assets: findAssets(env),
    remarks: looks.flatMap(([, { remark }]) => remark ?? []),
  };
}

async function lookFor(tool: Tool, env: NodeJS.ProcessEnv): Promise<Look> {
  const given = env['FIREDRILL_RIG_BIN'];
  if (given !== undefined && given !== '') {
    const path = join(given, tool);
    if (isExecutable(path)) return await asGiven(tool, path);
  }
  const onPath = await lookOnPath(tool, env);
  if (onPath.binary !== undefined) return onPath;
  // Its folder is named after the versions, and only a build that ended well is moved there.
  const built = join(cacheFolder(env), tool);
  if (!isExecutable(built)) return onPath;
  return { binary: { path: built, source: 'cache', version: pinnedVersions()[tools[tool].of] } };
}

/** A folder that a person names is meant: another version is told, and used. */
async function asGiven(tool: Tool, path: string): Promise<Look> {
  const version = await versionOf(tool, path);
  const binary: Binary = { path, source: 'FIREDRILL_RIG_BIN', version };
  if (isPinned(tool, version)) return { binary };
  return { binary, remark: `${path} ${differs(tool, version)}: used, FIREDRILL_RIG_BIN says so` };
}

/** What is there for other purposes is only taken when it is exactly the version the rig was measured with. */
async function lookOnPath(tool: Tool, env: NodeJS.ProcessEnv): Promise<Look> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, tool)).find(isExecutable);
  if (path === undefined) return {};
  const version = await versionOf(tool, path);
  if (isPinned(tool, version)) return { binary: { path, source: 'PATH', version } };
  // A kubectl of another version is on many machines, and harms nobody.
  return tools[tool].needed ? { remark: `${path} ${differs(tool, version)}: passed over` } : {};
}

function isPinned(tool: Tool, version: string | undefined): boolean {
  const { of } = tools[tool];
  return version === pinnedVersions()[of] || (of === 'etcd' && version === etcdPrints());
}

function differs(tool: Tool, version: string | undefined): string {
  const is = version === undefined ? 'does not say its version' : `is ${version}`;
  return `${is}, the rig is pinned to ${pinnedVersions()[tools[tool].of]}`;
}
