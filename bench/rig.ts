/**
 * `npm run bench:rig`: what Firedrill costs on real control planes, against `kubectl` where there is such a thing.
 * Starts a rig of its own in a temporary folder; `--only drain,spread` leaves the other parts out. Prints a table,
 * and as JSON what is in it; `--write` makes docs/speed.md of it.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Drains, measureDrain } from './rig/drain.ts';
import { createHost } from './rig/host.ts';
import { findKubectl } from './rig/kubectl.ts';
import { measureStart, measureStop, type Start } from './rig/lifetime.ts';
import { machineNote } from './rig/machine.ts';
import { measureMembers, type Sized } from './rig/members.ts';
import { page } from './rig/page.ts';
import { measureSpread, type Noticed } from './rig/spread.ts';
import { table } from './rig/table.ts';
import { measureIdle, type Usage } from './rig/usage.ts';
import { fleetOf } from './rig/worker.ts';

const parts = ['start', 'idle', 'spread', 'drain', 'members'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.join() },
    pairs: { type: 'string', default: '5' },
    pods: { type: 'string', default: '300' },
    looks: { type: 'string', default: '10' },
    idle: { type: 'string', default: '60' },
    members: { type: 'string', default: '100,500' },
    write: { type: 'boolean', default: false },
  },
});
const wanted = (part: string) => values.only.split(',').includes(part);

export interface Figures {
  machine: string;
  start?: { fresh: Start; kept: Start; stop: number };
  idle?: Usage;
  spread?: Noticed;
  drain?: Drains;
  members?: Sized[];
}

const [loadBefore] = loadavg() as [number, number, number];
const host = createHost();
// A benchmark that is called off leaves nothing running.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void host.remove().then(() => process.exit(130)));

const fleet = () => fleetOf(host.kubeconfig, { aks1: 'aks1', aks2: 'aks2', k3s: 'k3s' });
const say = (text: string) => console.error(text);
const figures: Figures = { machine: '' };
try {
  say('starting a rig');
  const fresh = await measureStart(host, fleet);
  if (wanted('start')) {
    say('stopping it, and starting it again');
    const stop = await measureStop(host);
    figures.start = { fresh, kept: await measureStart(host, fleet), stop };
  }
  const kubectl = await findKubectl(host.kubeconfig);
  if (wanted('idle')) {
    say(`doing nothing for ${values.idle} s`);
    figures.idle = await measureIdle(host, Number(values.idle));
  }
  if (wanted('spread')) {
    say('noticing spreads');
    figures.spread = await measureSpread(host, fleet(), kubectl, Number(values.looks));
  }
  if (wanted('drain')) {
    say('draining nodes');
    const size = { pairs: Number(values.pairs), pods: Number(values.pods) };
    figures.drain = await measureDrain(fleet(), kubectl, size);
  }
  if (wanted('members')) {
    say('looking at many members');
    figures.members = await measureMembers(host, values.members.split(',').map(Number));
  }
} finally {
  await host.remove();
}
figures.machine = machineNote(loadBefore);
if (values.write) writeFileSync('docs/speed.md', page(figures));
console.log(table(figures));
console.log(JSON.stringify({ bench: 'rig', ...figures }));
process.exit(0);
