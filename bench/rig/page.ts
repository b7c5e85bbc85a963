/** docs/speed.md: the figures, and what was compared with what. */
import type { Figures } from '../rig.ts';
import { rowsOf } from './table.ts';

export function page(figures: Figures): string {
  const rows = rowsOf(figures).map(([what, figure]) => `| ${indented(what)} | ${figure.trim()} |`);
  return `${head}
Measured on ${figures.machine}.

| | |
| --- | --- |
${rows.join('\n')}

${comparisons}`;
}

/** Markdown drops blanks at the beginning of a cell. */
const indented = (what: string): string => what.replace(/^ +/, '– ');

const head = `# How fast it is on real control planes

Written by \`npm run bench:rig -- --write\`, which starts a rig of its own (\`npx firedrill lab build\` first). Compare
ratios; times are of one machine, with all of the rig on it.
`;

const comparisons = `## What is compared

- **Drain**: \`kubernetes/drain\` (snapshot, cordon, evict, until no pod is left) as a worker performs it, against
  \`kubectl drain\` of the same three nodes in one command. Same state each time: all pods Ready, as many on each node,
  no other node, so that what comes in their place is Pending. They take turns. Both respect disruption budgets and
  wait until the pods are gone. kubectl asks for five evictions a second (its client's own limit) and takes one node
  after the other; the step keeps 16 under way.
- **Spread noticed**: everything is as wanted but one word, which the benchmark writes while the controllers stand
  still: a report in the ResourceBinding and a member's Deployment in turn. From the sending of that write:
  \`heldAtMs\` of \`karmada/await-spread\`, against the end of a \`kubectl wait\` for that word; both were started at the
  same time. The step judges binding, Clusters and three Deployments; before it returns it reads binding, policy and
  members afresh, which is compared with a \`kubectl get\` of the same after the \`kubectl wait\`.
- **Start**: from the start of the rig's process to all three Clusters Ready, joined by \`karmada/join\`. On kept state
  the Clusters are Ready by the word that was kept.
- **Many members**: made-up Cluster objects, and a ResourceBinding a member, on the rig's federation; each member's
  address leads to one of the three real API servers by connections of its own, so these three and the worker share
  the machine. Each figure is a process of its own: time and processor with the compiling of code, memory at most.
`;
