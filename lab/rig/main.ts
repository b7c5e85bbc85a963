/**
 * The rig as a process: real control planes as plain processes on 127.0.0.1. Writes the addresses and credentials
 * that `fleets/rig.yaml` refers to into `.firedrill/rig`, and goes on from what is there. Ends on SIGTERM and
 * SIGINT, its processes with it; what a killed rig left is ended before it starts.
 */
import { join, resolve } from 'node:path';
import { labErrors } from '../../dsl/errors/lab.ts';
import { rigErrors } from '../../dsl/errors/rig.ts';
import { type Binary, findBinaries } from './binaries.ts';
import { extrasOf } from './options.ts';
import { endStale, isSupervised } from './record.ts';
import { startRig } from './rig.ts';

/** What the rig's Karmada is started with; `fleets/rig.yaml` says the same. */
const flags = { failover: true, noExecuteTaintEviction: true, multiClusterService: true };

const folder = join(resolve(process.env['FIREDRILL_HOME'] ?? '.firedrill'), 'rig');
const begunMs = Date.now();
const say = (text: string) =>
  console.log(`${((Date.now() - begunMs) / 1000).toFixed(1).padStart(5)} s  ${text}`);

if (isSupervised(folder)) {
  console.error(`FD8001 ${folder}: ${labErrors.FD8001.title}. ${labErrors.FD8001.remedy}`);
  process.exit(4);
}
for (const name of await endStale(folder)) say(`ended ${name}, which a killed rig had left`);

const { found, missing, assets, remarks } = await findBinaries();
for (const remark of remarks) say(remark);
if (missing.length > 0 || assets === undefined) {
  const lacking = [...missing, ...(assets === undefined ? ["Karmada's own manifests"] : [])].join(', ');
  console.error(`FD8011 ${lacking}: ${rigErrors.FD8011.title}. ${rigErrors.FD8011.remedy}`);
  process.exit(4);
}
const binary = (name: string) => (found[name as keyof typeof found] as Binary).path;
const stop = await startRig({ folder, assets, flags, extras: extrasOf(process.env), say, binary });
say(`rig ready: ${folder}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void stop().then(() => process.exit(0)));
