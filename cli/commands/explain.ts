import { stringify } from 'yaml';
import { z } from 'zod';
import { durationText } from '../../dsl/duration.ts';
import { type Field, fieldsOf } from '../../dsl/fields.ts';
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

function described(kind: KindDescription) {
  const { name, version, summary, doc, effect, example, verbs, undoPhase, timeoutMs, background } = kind;
  const shape = { input: schemaOf(kind.input, 'input'), output: schemaOf(kind.output, 'output') };
  return { name, version, summary, doc, effect, verbs, undoPhase, timeoutMs, background, ...shape, example };
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(type, { io, unrepresentable: 'any' });
}

function text(kind: KindDescription): string {
  const undone = kind.undoPhase === undefined ? '' : `, undone in phase ${kind.undoPhase}`;
  const background = kind.background ? ', may run in the background' : '';
  return [
    `${kind.name} (version ${kind.version}): ${kind.summary}`,
    `${kind.effect}${undone}${background}; gives up after ${durationText(kind.timeoutMs)} unless \`timeout\` says otherwise`,
    kind.doc,
    `with:\n${fields(fieldsOf(kind.input, 'input'))}`,
    `output:\n${fields(fieldsOf(kind.output, 'output'))}`,
    `example:\n${indent(stringify([{ uses: kind.name, with: kind.example }]).trimEnd())}`,
  ].join('\n\n');
}

function fields(all: Field[]): string {
  const rows = all.map(({ name, required, type, fallback, description }) => {
    const initial = fallback === undefined ? '' : ` (default ${fallback})`;
    return `  ${`${name}${required ? '' : '?'}`.padEnd(18)} ${type}${initial}  ${description}`.trimEnd();
  });
  return rows.length === 0 ? '  nothing' : rows.join('\n');
}

function indent(block: string): string {
  return block.replaceAll(/^/gm, '  ');
}
