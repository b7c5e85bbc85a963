/** A plan as text. Pure. */
import type { Description } from '../../dsl/describe.ts';
import { durationText } from '../../dsl/duration.ts';

export function planText(view: Description): string {
  const parts = [
    head(view),
    block(
      'Touches',
      view.touched.map((step) => row(step.fault ? 'FAULT' : step.effect, step.path, step.title, step.uses)),
    ),
    block(
      'Hits (all tenants counted)',
      view.blast.map(
        ({ path, clusters, namespaces, note }) =>
          `${path.padEnd(26)} ${clusters.join(', ')}: ${[...tenants(namespaces), note].join('; ')}`,
      ),
    ),
    block(
      'Waits for and looks at',
      view.waitedFor.map((step) =>
        row(`≤ ${durationText(step.timeoutMs)}`, step.path, step.title, step.uses),
      ),
    ),
    block(
      'Puts back, in this order, whatever happens',
      view.undone.map((step) => row(step.phase, step.path, step.title, step.when)),
    ),
    block(
      'Waits for a person',
      view.approvals.map(({ path, withinMs }) => `${path}, at most ${durationText(withinMs)}`),
    ),
    block(
      'Leaves out',
      view.skipped.map((step) => row('-', step.path, step.title, step.because)),
    ),
    feasible(view),
    tail(view),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function head(view: Description): string {
  const inputs = Object.entries(view.inputs).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const { fleet, objective, victim } = view;
  return [
    `${view.runbook}${view.title === undefined ? '' : `: ${view.title}`}`,
    `fleet ${fleet.name} (${fleet.tier}${fleet.production ? ', PRODUCTION' : ''})${victim ? `, victim ${victim}` : ''}`,
    ...(inputs.length === 0 ? [] : [`inputs ${inputs.join(' ')}`]),
    ...(objective === undefined ? [] : [`objective ${objectiveText(objective)}`]),
  ].join('\n');
}

function objectiveText(objective: NonNullable<Description['objective']>): string {
  const goals = [
    ...(objective.rtoMs === undefined
      ? []
      : [`users healthy within ${durationText(objective.rtoMs)} of the fault`]),
    ...(objective.availability === undefined
      ? []
      : [`availability ≥ ${(objective.availability * 100).toFixed(1)} % until then`]),
    `for ${durationText(objective.settleMs)}`,
  ];
  return goals.join(', ');
}

function tail({ bounds, hash }: Description): string {
  const size = `${bounds.activities} activities, ${bounds.events} events, ${Math.ceil(bounds.bytes / 1024)} KiB of history`;
  return `At most ${size}. Plan ${hash.slice(0, 12)}.`;
}

/** Predicted from the load balancer's probe settings, when they were read. */
function feasible({ feasibility }: Description): string {
  if (feasibility === undefined) return '';
  const { removal, victimShare, availability } = feasibility;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return block('What the load balancer allows', [
    `a dead backend gets ${percent(victimShare)} of the requests and is dropped after ` +
      `${durationText(removal.minMs)} to ${durationText(removal.maxMs)}`,
    ...(availability === undefined
      ? []
      : [
          `availability until users are healthy: ${percent(availability.worst)} to ${percent(availability.best)}`,
        ]),
  ]);
}

const tenants = (namespaces: string[] | 'all') =>
  namespaces === 'all' ? ['all namespaces'] : namespaces.length === 0 ? [] : [namespaces.join(', ')];

const row = (what: string, path: string, title: string, note: string) =>
  `${what.padEnd(10)} ${path.padEnd(26)} ${title}  [${note}]`;

function block(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
