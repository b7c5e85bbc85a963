/** `fleet.md`: every field of a fleet file, from its schema. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Schema, typeOf } from '../../dsl/fields.ts';
import { fleet } from '../../dsl/fleet.ts';
import { code, made, page, table } from './markdown.ts';

const introduction = `A fleet file says what a drill runs against: the Karmada control plane, its members, the load balancer, and how an
answer tells who gave it. The same runbook runs on another fleet by \`--fleet\`: a name is looked up in \`fleets/\` of the
working folder and then of the package, anything else is a path. Without \`--fleet\` it is \`lab\`.

It becomes part of the run's record and so holds references to secrets, never secrets. A reference is
\`{ env: NAME }\`, a variable of the **worker's** environment, or \`{ file: PATH }\`, a file on the **worker's** disk. Paths
are relative to the fleet file; those that begin with \`.firedrill/\` are in the state folder. Both are read when they
are needed. Where a plain string is allowed as well, it is the value itself. A
worker on another machine needs the files at the same place: give absolute paths, or use \`env\`.

A cluster is reached in exactly one way: \`kubeconfig\` (with \`context\`), \`inCluster\`, or \`server\` (with \`token\`).
Expressions read \`fleet.name\`, \`fleet.tier\`, \`fleet.production\`, \`fleet.members\` (the names) and \`fleet.askable\` (the names of those whose API can be asked: all but pull-mode members without an address), nothing else of it.

Every mistake has its place, its code ([FD2xxx](errors.md)) and its remedy, all at once, before a connection is opened:
\`npx firedrill lint --fleet FILE\`. Whether what it names is there, and may be used, is asked by
\`npx firedrill plan RUNBOOK --fleet FILE --live\`, which only reads; it asks from the machine it is typed on. A run asks
the same from its worker before it begins.`;

export function fleetPage(): string {
  const schema = z.toJSONSchema(fleet, { io: 'input', unrepresentable: 'any' }) as Schema;
  const { loadBalancer, ...rest } = schema.properties ?? {};
  const balancers = (loadBalancer?.oneOf ?? loadBalancer?.anyOf ?? []).map((one) => {
    const kind = String(one.properties?.['kind']?.const);
    return `## \`loadBalancer\` of kind \`${kind}\`\n\n${rowsTable(rows(one, 'loadBalancer.'))}`;
  });
  const example = readFileSync('fleets/azure.example.yaml', 'utf8').trimEnd();
  return page(
    made('`dsl/fleet.ts`'),
    '# The fleet file',
    introduction,
    '## Fields',
    'NAME stands for a name that you give. A field without "yes" may be left out.',
    rowsTable(rows({ ...schema, properties: rest }, '')),
    ...balancers,
    '## An example',
    'This is `fleets/azure.example.yaml`.',
    `\`\`\`yaml\n${example}\n\`\`\``,
  );
}

function rowsTable(all: string[][]): string {
  return table(['field', 'type', 'needed', 'default', ''], all);
}

/** A field a row; those of an object below it, with its name before theirs. */
function rows({ properties = {}, required = [] }: Schema, before: string): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const needed = required.includes(name) ? 'yes' : '';
    const fallback = field.default === undefined ? '' : code(JSON.stringify(field.default));
    const named = (type: string) => [code(before + name), type, needed, fallback, field.description ?? ''];
    if (field.properties !== undefined) return [named('object'), ...rows(field, `${before}${name}.`)];
    const values = field.additionalProperties;
    if (typeof values === 'object' && values.properties !== undefined)
      return [named('map by name'), ...rows(values, `${before}${name}.NAME.`)];
    return [named(code(typeOf(field)))];
  });
}
