/** One look at a fleet of many members: `members-look.ts preflight|await-spread KUBECONFIG COUNT` prints its cost. */
import { livePreflight } from '../../cli/plan/live.ts';
import { NAMESPACE } from './made-up.ts';
import { type Cost, contextsOf } from './members.ts';
import { createWorker, fleetOf, planOf } from './worker.ts';

const [what, kubeconfig, count] = process.argv.slice(2) as [string, string, string];
const spread = { workload: `deployment/spread-${count}`, namespace: NAMESPACE, expect: 'steady' };
const plan = planOf(fleetOf(kubeconfig, contextsOf(Number(count))), [
  { uses: 'kubernetes/drain', with: { cluster: 'm001' } },
  { uses: 'karmada/await-spread', with: spread },
]);

const begunMs = performance.now();
const cpu = process.cpuUsage();
if (what === 'preflight') {
  const findings = await livePreflight(plan);
  const wrong = findings.filter((one) => one.severity === 'error');
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong.slice(0, 3), null, 2));
} else await createWorker(plan).perform('karmada/await-spread', 'look', spread);
const { user, system } = process.cpuUsage(cpu);
const cost: Cost = {
  ms: performance.now() - begunMs,
  cpuMs: (user + system) / 1000,
  memory: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(cost));
process.exit(0);
