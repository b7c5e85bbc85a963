/** The docs say what is so: made pages are current, examples compile, commands and links exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../activities/registry.ts';
import { table } from '../cli/table.ts';
import { pages } from '../docs/generate.ts';
import { compile } from '../dsl/compile.ts';
import { catalogue as errors } from '../dsl/errors/catalogue.ts';
import { parseFleet } from '../dsl/fleet-file.ts';
import { formatProblem } from '../dsl/problem.ts';

const files = [
  'README.md',
  'README.ko.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const);

test.each(Object.entries(pages))('docs/%s is what `npm run docs` makes', (name, make) => {
  expect(readFileSync(join('docs', name), 'utf8')).toBe(make());
});

describe('runbooks in the docs', () => {
  const { fleet } = parseFleet('fleets/lab.yaml', readFileSync('fleets/lab.yaml', 'utf8'));
  const blocks = texts.flatMap(([file, text]) =>
    [...text.matchAll(/^```yaml\n(name:.*?)^```$/gms)].map(
      ([, block], index) => [file, index + 1, block!] as const,
    ),
  );

  test('are there', () => expect(blocks.length).toBeGreaterThan(5));

  test.each(blocks)('%s, number %i compiles', (_, __, text) => {
    const { problems } = compile({
      file: 'runbooks/docs.yaml',
      text,
      catalogue,
      fleet: fleet!,
      inputs: {},
      read: (path) => readFileSync(resolve('runbooks', path), 'utf8'),
      list: (folder) => readdirSync(resolve('runbooks', folder)),
    });
    expect(problems.map(formatProblem)).toEqual([]);
  });
});

describe('what the docs name', () => {
  const verbs = new Set([...table.flatMap(({ entries }) => entries.map(({ name }) => name)), 'help']);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  test.each(texts)('%s: commands', (_, text) => {
    const named = [...text.matchAll(/npx firedrill ([a-z][a-z-]*)/g)].map(([, verb]) => verb!);
    expect(named.filter((verb) => !verbs.has(verb))).toEqual([]);
    const run = [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, script]) => script!);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  test.each(texts)('%s: links', (file, text) => {
    const local = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target!);
    expect(local.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
  });

  test.each(texts)('%s: error codes', (_, text) => {
    const named = text.match(/\bFD\d{4}\b/g) ?? [];
    expect(named.filter((code) => !(code in errors))).toEqual([]);
  });
});
