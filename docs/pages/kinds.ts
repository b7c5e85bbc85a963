/** `kinds.md`: every step kind, from its own declaration. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Kind } from '../../activities/kind.ts';
import { catalogue, registry } from '../../activities/registry.ts';
import { compile } from '../../dsl/compile.ts';
import { durationText } from '../../dsl/duration.ts';
import { type Field, fieldsOf } from '../../dsl/fields.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { parseFleet } from '../../dsl/fleet-file.ts';
import { instancesOf } from '../../dsl/instances.ts';
import type { Permission } from '../../dsl/kind.ts';
import { mergePermissions, stepPermissions } from '../../dsl/permissions.ts';
import { formatProblem } from '../../dsl/problem.ts';
import { code, made, page, table } from './markdown.ts';

const families: Record<string, string> = {
  karmada: 'The federation',
  kubernetes: 'Member clusters',
  mcs: 'Services shared between clusters',
  glb: 'The global load balancer',
  traffic: 'Users',
  drill: 'The drill itself',
};

const introduction = `What a step can do. \`npx firedrill explain KIND\` prints the same, \`npx firedrill steps\` the list. A value of \`with\` may
be an expression, \`\${{ }}\`, wherever it is not said otherwise. The rights are those that the example needs on the lab's
fleet; \`npx firedrill plan RUNBOOK --permissions\` prints those of a whole runbook, as roles to apply.`;

export function kindsPage(): string {
  const sorted = [...registry].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = sorted.map(({ name, effect, summary }) => [
    `[\`${name}\`](#${name.replace('/', '')})`,
    effect,
    summary,
  ]);
  const sections = Object.entries(families).map(([family, title]) => {
    const kinds = sorted.filter(({ name }) => name.startsWith(`${family}/`));
    return page(`## ${title}`, ...kinds.map(kindSection)).trimEnd();
  });
  return page(
    made('the declarations in `activities/`'),
    '# Step kinds',
    introduction,
    table(['kind', 'effect', 'summary'], rows),
    ...sections,
  );
}

function kindSection(kind: Kind): string {
  const example = stringify([{ uses: kind.name, with: kind.example }]).trimEnd();
  const permissions = permissionsOf(kind);
  return page(
    `### \`${kind.name}\``,
    `${kind.summary}. ${traits(kind)}`,
    kind.doc,
    `\`\`\`yaml\n${example}\n\`\`\``,
    `**with**\n\n${fieldTable(fieldsOf(kind.input, 'input'))}`,
    `**output**\n\n${fieldTable(fieldsOf(kind.output, 'output'))}`,
    `**rights**\n\n${permissions.length === 0 ? 'None.' : permissionTable(permissions)}`,
  ).trimEnd();
}

function traits(kind: Kind): string {
  const undone = kind.undoPhase === undefined ? '' : `, undone in phase ${kind.undoPhase}`;
  const more = [
    ...(kind.verbs.includes('probe') ? ['It can be the `fault`.'] : []),
    ...(kind.background ? ['It may run in the `background`.'] : []),
    ...(kind.manifests.length > 0
      ? [
          `${kind.manifests.map(code).join(', ')}: files or folders relative to the runbook, read when compiled.`,
        ]
      : []),
    ...(kind.preflight === undefined ? [] : ['It has checks of its own in preflight.']),
  ];
  return [
    `**${kind.effect}**${undone}; version ${kind.version}; \`timeout\` without one of the step: ${durationText(kind.timeoutMs)}.`,
    ...more,
  ].join(' ');
}

function fieldTable(fields: Field[]): string {
  if (fields.length === 0) return 'Nothing.';
  return table(
    ['field', 'type', 'default', ''],
    fields.map(({ name, type, required, fallback, description }) => [
      `\`${name}\`${required ? '' : ' ?'}`,
      code(type),
      code(fallback ?? ''),
      description,
    ]),
  );
}

function permissionTable(permissions: Permission[]): string {
  return table(
    ['plane', 'resource', 'namespace', 'only', 'verbs'],
    permissions.map(({ plane, group, resource, namespace, names, verbs }) => [
      plane,
      code(group === '' ? resource : `${resource}.${group}`),
      namespace ?? 'all',
      names?.join(', ') ?? '',
      verbs.join(', '),
    ]),
  );
}

/** Those that the kind's own example needs; throws when the example does not compile. */
function permissionsOf(kind: Kind): Permission[] {
  const section = kind.effect === 'provides' ? 'setup' : 'steps';
  const { plan, problems } = compile({
    file: 'runbooks/example.yaml',
    text: stringify({ name: 'example', [section]: [{ uses: kind.name, with: kind.example }] }),
    catalogue,
    fleet: exampleFleet(),
    inputs: {},
    read: (file) => readFileSync(resolve('runbooks', file), 'utf8'),
    list: (folder) => readdirSync(resolve('runbooks', folder)),
  });
  if (plan === undefined)
    throw new Error(`the example of ${kind.name}:\n${problems.map(formatProblem).join('\n')}`);
  const steps = instancesOf(plan).flatMap((one) => stepPermissions(one, plan, catalogue));
  return mergePermissions(steps);
}

/** The lab's, with somebody to notify. */
function exampleFleet(): Fleet {
  const { fleet } = parseFleet('fleets/lab.yaml', readFileSync('fleets/lab.yaml', 'utf8'));
  if (fleet === undefined) throw new Error('fleets/lab.yaml has mistakes');
  return { ...fleet, notify: [{ name: 'oncall', url: { env: 'ONCALL_WEBHOOK' } }] };
}
