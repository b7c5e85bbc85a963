/** `lab build`: the rig's programs, from Go tool modules, once. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  type Build,
  buildAssets,
  buildTool,
  fetchSources,
  removeLeftDrafts,
} from '../../lab/rig/binaries/build.ts';
import type { GoFailure } from '../../lab/rig/binaries/go.ts';
import { obstacles } from '../../lab/rig/binaries/obstacles.ts';
import { buildSeconds, type Tool, toolNames } from '../../lab/rig/binaries/tools.ts';
import { assetsBeside, cacheFolder, pinnedVersions } from '../../lab/rig/binaries/versions.ts';
import { type Binaries, toolsFor } from '../../lab/rig/binaries.ts';
import type { Call } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { onInterrupt } from '../live/interrupt.ts';
import { cannot, exitCodes, problem, Stop, usage } from '../problem.ts';
import { lookForBinaries, minutes } from './binaries.ts';
import { shown } from './progress.ts';
import type { Verb } from './verb.ts';

/** As a shell says it of Ctrl-C. */
const INTERRUPTED = 130;

export const build: Verb = {
  most: 0,
  flags: ['only', 'optional'],
  async run(call) {
    const wanted = wantedTools(call);
    const binaries = await lookForBinaries();
    const missing = wanted.filter((tool) => binaries.found[tool] === undefined);
    for (const remark of binaries.remarks) call.out.say(remark);
    if (missing.length === 0 && binaries.assets !== undefined) return nothingToDo(call, wanted, binaries);
    const folder = cacheFolder();
    await refuse(missing, folder);
    announce(call, missing, folder);
    const built = await interruptibly((signal) => all(call, missing, { folder, env: process.env, signal }));
    if (built === undefined) return interrupted(call);
    if (call.out.json) call.out.data({ folder, built });
    else call.out.print((await next()) ?? `They are in ${folder}`);
    return exitCodes.passed;
  },
};

/** `--only` names them; else all that the rig needs, with `--optional` all. */
function wantedTools(call: Call): Tool[] {
  const named = call.all('only');
  const problems = named
    .filter((name) => !toolNames.includes(name as Tool))
    .map((name) => {
      const remedy = didYouMean(name, toolNames) ?? `There are: ${toolNames.join(', ')}.`;
      return problem('FD7003', `the rig has no program "${name}"`, { remedy });
    });
  if (problems.length > 0) throw usage(...problems);
  if (named.length > 0) return toolNames.filter((tool) => named.includes(tool));
  return call.on('optional') ? toolNames : toolsFor();
}

/** Undefined while the rig still lacks something. */
async function next(): Promise<string | undefined> {
  const { missing, assets } = await lookForBinaries();
  const ready = missing.length === 0 && assets !== undefined;
  return ready ? 'The rig can start: npx firedrill lab up --tier rig' : undefined;
}

function nothingToDo(call: Call, wanted: Tool[], { found }: Binaries): number {
  if (call.out.json) call.out.data({ built: [], found });
  else {
    call.out.print('nothing to build:');
    for (const tool of wanted) call.out.print(`  ${tool.padEnd(30)} ${found[tool]!.path}`);
  }
  return exitCodes.passed;
}

async function refuse(missing: Tool[], folder: string): Promise<void> {
  const found = await obstacles(missing, folder, process.env);
  if (found.length === 0) return;
  throw new Stop(
    exitCodes.broken,
    found.map(({ where, what, remedy }) => problem('FD8013', what, { where, remedy })),
  );
}

function announce({ out }: Call, missing: Tool[], folder: string): void {
  if (missing.length === 0) return;
  const { karmada, kubernetes, etcd, kwok } = pinnedVersions();
  const cores = availableParallelism();
  const many = `${missing.length} ${missing.length === 1 ? 'program' : 'programs'}`;
  out.say(`Karmada ${karmada}, Kubernetes ${kubernetes}, etcd ${etcd}, kwok ${kwok}: ${many} into ${folder}`);
  out.say(
    `It takes ${minutes(buildSeconds(missing))} on 2 cores (this machine has ${cores}), ${proviso(missing)}. ` +
      'Ctrl-C keeps what is built. Programs built elsewhere: FIREDRILL_RIG_BIN=FOLDER.',
  );
}

/** The times suppose that Go has compiled what the programs before these share with them. */
function proviso(missing: Tool[]): string {
  return missing[0] === toolNames[0]
    ? 'the first time also the download of the sources'
    : "when Go's cache has what the others were built of; else minutes more";
}

/** Undefined when Ctrl-C ended it. */
async function interruptibly<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const stopListening = onInterrupt(stop);
  process.once('SIGTERM', stop);
  try {
    const result = await work(controller.signal);
    return controller.signal.aborted ? undefined : result;
  } finally {
    stopListening();
    process.off('SIGTERM', stop);
  }
}

function interrupted({ out }: Call): number {
  out.warn('interrupted: what is built stays, the same command goes on from there');
  return INTERRUPTED;
}

/** Seconds by program. Ends early when the signal is aborted. */
async function all(call: Call, missing: Tool[], made: Build): Promise<Record<string, number>> {
  const { signal, folder } = made;
  const built: Record<string, number> = {};
  removeLeftDrafts(folder);
  await step(call, 'sources', 'FD8014', made, (tell) => fetchSources(missing, made, tell));
  if (!signal.aborted && !existsSync(assetsBeside(folder)))
    await step(call, "Karmada's definitions", 'FD8014', made, () => buildAssets(made));
  for (const [index, tool] of missing.entries()) {
    if (signal.aborted) break;
    const title = `${index + 1}/${missing.length} ${tool} (${minutes(buildSeconds([tool]))})`;
    built[tool] = await step(call, title, 'FD8015', made, () => buildTool(tool, made));
  }
  return built;
}

/** @throws Stop with what go said, unless it was interrupted. @returns seconds */
async function step(
  { out }: Call,
  title: string,
  code: 'FD8014' | 'FD8015',
  { signal }: Build,
  work: (tell: (text: string) => void) => Promise<GoFailure | undefined>,
): Promise<number> {
  const { result, seconds } = await shown(out, title, work, (failure) =>
    failure === undefined ? '' : signal.aborted ? 'interrupted' : 'failed',
  );
  if (result !== undefined && !signal.aborted) throw cannot(problem(code, result.said, { where: title }));
  return seconds;
}
