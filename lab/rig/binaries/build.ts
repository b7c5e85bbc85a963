/** Builds the programs of the rig, one at a time, each from the tool module that pins it. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { birth } from '../../birth.ts';
import { collectAssets } from '../assets.ts';
import { type GoFailure, go, sourcesOf } from './go.ts';
import { type Tool, toolNames, tools } from './tools.ts';
import { assetsBeside, pinnedVersions } from './versions.ts';

export interface Build {
  /** Where the programs go. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Aborted: the build in hand is given up, what is built stays. */
  signal: AbortSignal;
}

/** Brings the sources of some programs into Go's module cache. @param said Told go's lines, one a module. */
export async function fetchSources(
  of: Tool[],
  { env, signal }: Build,
  said: (line: string) => void,
): Promise<GoFailure | undefined> {
  for (const module of new Set(of.map((tool) => tools[tool].module))) {
    const packages = of.filter((tool) => tools[tool].module === module).map((tool) => tools[tool].package);
    // It loads exactly the packages that a build needs; `go mod download` would fetch all that go.mod names.
    const words = ['list', '-mod=readonly', '-deps', ...packages];
    const failure = await go({ module, words, env, signal, said });
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** What Karmada has besides its programs, out of its fetched sources and to its place beside the programs. */
export async function buildAssets({ folder, env }: Build): Promise<GoFailure | undefined> {
  const karmada = await sourcesOf('github.com/karmada-io/karmada', 'karmada', env);
  if ('said' in karmada) return karmada;
  const draft = `${assetsBeside(folder)}.${process.pid}.draft`;
  try {
    collectAssets(karmada.folder, draft);
    rmSync(assetsBeside(folder), { recursive: true, force: true });
    renameSync(draft, assetsBeside(folder));
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * As Karmada's own build has it: without it a scheduler that asks estimators panics ("neither a v1 or v2 Message"),
 * since Kubernetes 1.35 has dropped what its gRPC messages lean on. For all programs, so that what they share is
 * compiled once; Kubernetes itself does not mind.
 */
const TAGS = 'kubernetes_protomessage_one_more_release';

/** A program is in its place whole or not at all. */
export async function buildTool(tool: Tool, build: Build): Promise<GoFailure | undefined> {
  mkdirSync(build.folder, { recursive: true });
  const draft = join(build.folder, draftName(tool, process.pid));
  const { module, package: path } = tools[tool];
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-tags', TAGS, '-ldflags', linkerFlags()];
  try {
    const words = ['build', ...flags, '-o', draft, path];
    const failure = await go({ module, words, env: build.env, signal: build.signal });
    if (failure === undefined) renameSync(draft, join(build.folder, tool));
    return failure;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Without the versions the programs call themselves v0.0.0-master+$Format:%H$, which kubectl cannot parse. */
function linkerFlags(): string {
  const { kubernetes, karmada } = pinnedVersions();
  const [major, minor] = kubernetes.split('.');
  const kube = 'k8s.io/component-base/version';
  return [
    '-s -w',
    `-X ${kube}.gitVersion=v${kubernetes}`,
    `-X ${kube}.gitMajor=${major}`,
    `-X ${kube}.gitMinor=${minor}`,
    `-X ${kube}.gitTreeState=clean`,
    `-X github.com/karmada-io/karmada/pkg/version.gitVersion=v${karmada}`,
  ].join(' ');
}

const draftName = (tool: Tool, pid: number) => `.${tool}.${pid}.draft`;

/** Of builds that were killed: 100 MB each, of no use. */
export function removeLeftDrafts(folder: string): void {
  for (const name of listed(folder)) {
    const [, tool, pid] = /^\.([a-z-]+)\.(\d+)\.draft$/.exec(name) ?? [];
    if (!toolNames.includes(tool as Tool) || birth(Number(pid)) !== undefined) continue;
    rmSync(join(folder, name), { force: true });
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
