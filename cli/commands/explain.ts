import { stringify } from 'yaml';
import { z } from 'zod';
import { durationText } from '../../dsl/duration.ts';
import type { KindDescription } from '../../dsl/kind.ts';
import { type Command, jsonFlag } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { exitCodes, problem, usage } from '../problem.ts';

export const command: Command = {
  usage: 'explain KIND',
  about: 'Explains a step kind: what it does, its inputs with their defaults, its output, an example.',
  arguments: { min: 1, max: 1 },
  flags: jsonFlag,
  async run(call) {
    const { catalogue } = await import('../../activities/registry.ts');
    const name = call.arguments[0]!;
    const kind = catalogue.get(name);
    if (kind === undefined) {
      const remedy = didYouMean(name, catalogue.keys()) ?? '`npx firedrill steps` lists them.';
      throw usage(problem('FD7004', `there is no step kind "${name}"`, { remedy }));
    }
    if (call.out.json) call.out.data(described(kind));
    else call.out.print(text(kind));
    return exitCodes.passed;
  },
};

interface Field {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Field[];
  description?: string;
  default?: unknown;
}
interface ObjectSchema {
  properties?: Record<string, Field>;
  required?: string[];
}

function described(kind: KindDescription) {
  const { name, version, summary, doc, effect, example, verbs, undoPhase, timeoutMs, background } = kind;
  const shape = { input: schemaOf(kind.input, 'input'), output: schemaOf(kind.output, 'output') };
  return { name, version, summary, doc, effect, verbs, undoPhase, timeoutMs, background, ...shape, example };
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  return z.toJSONSchema(type, { io, unrepresentable: 'any' }) as ObjectSchema;
}

function text(kind: KindDescription): string {
  const undone = kind.undoPhase === undefined ? '' : `, undone in phase ${kind.undoPhase}`;
  const background = kind.background ? ', may run in the background' : '';
  return [
    `${kind.name} (version ${kind.version}): ${kind.summary}`,
    `${kind.effect}${undone}${background}; gives up after ${durationText(kind.timeoutMs)} unless \`timeout\` says otherwise`,
    kind.doc,
    `with:\n${fields(schemaOf(kind.input, 'input'))}`,
    `output:\n${fields(schemaOf(kind.output, 'output'))}`,
    `example:\n${indent(stringify([{ uses: kind.name, with: kind.example }]).trimEnd())}`,
  ].join('\n\n');
}

function fields(schema: ObjectSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const fallback = field.default === undefined ? '' : ` (default ${JSON.stringify(field.default)})`;
    return `  ${`${name}${optional}`.padEnd(18)} ${typeText(field)}${fallback}  ${field.description ?? ''}`.trimEnd();
  });
  return rows.length === 0 ? '  nothing' : rows.join('\n');
}

function typeText(field: Field): string {
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (field.anyOf !== undefined) return field.anyOf.map(typeText).join(' | ');
  return field.type ?? 'anything';
}

function indent(block: string): string {
  return block.replaceAll(/^/gm, '  ');
}
