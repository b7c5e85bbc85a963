/** A plan as text. Pure. */
import { durationText } from '../../dsl/duration.ts';
import type { Permission } from '../../dsl/kind.ts';
import type { PlanView } from './view.ts';

export function planText(view: PlanView): string {
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
          `${path.padEnd(26)} ${clusters.join(', ')}: ${namespaces === 'all' ? 'all namespaces' : namespaces.join(', ')}; ${note}`,
      ),
    ),
    block(
      'Waits for and looks at',
      view.waitedFor.map((step) => row(`≤ ${step.atMost}`, step.path, step.title, step.uses)),
    ),
    block(
      'Puts back, in this order, whatever happens',
      view.undone.map((step) => row(step.phase, step.path, step.title, step.when)),
    ),
    block('Waits for a person', view.approvals),
    tail(view),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function head(view: PlanView): string {
  const inputs = Object.entries(view.inputs).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const { fleet, objective, victim } = view;
  return [
    `${view.runbook}${view.title === undefined ? '' : `: ${view.title}`}`,
    `fleet ${fleet.name} (${fleet.tier}${fleet.production ? ', PRODUCTION' : ''})${victim ? `, victim ${victim}` : ''}`,
    ...(inputs.length === 0 ? [] : [`inputs ${inputs.join(' ')}`]),
    ...(objective === undefined ? [] : [`objective ${objectiveText(objective)}`]),
  ].join('\n');
}

function objectiveText(objective: NonNullable<PlanView['objective']>): string {
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

function tail({ bounds, hash }: PlanView): string {
  const size = `${bounds.activities} activities, ${bounds.events} events, ${Math.ceil(bounds.bytes / 1024)} KiB of history`;
  return `At most ${size}. Plan ${hash.slice(0, 12)}.`;
}

export function permissionsText(permissions: Permission[]): string {
  return permissions
    .map(({ plane, group, resource, verbs, namespace }) =>
      [
        plane.padEnd(12),
        `${resource}${group === '' ? '' : `.${group}`}`.padEnd(46),
        (namespace ?? '*').padEnd(12),
        verbs.join(','),
      ].join(' '),
    )
    .join('\n');
}

const row = (what: string, path: string, title: string, note: string) =>
  `${what.padEnd(10)} ${path.padEnd(26)} ${title}  [${note}]`;

function block(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
