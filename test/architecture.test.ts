import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cruise } from 'dependency-cruiser';
// @ts-expect-error: a plain JavaScript file, as the tool wants it
import rules from '../.dependency-cruiser.js';
import { registry } from '../activities/registry.ts';
import { catalogue } from '../dsl/errors/catalogue.ts';

const folders = ['dsl', 'workflows', 'activities', 'adapters', 'report', 'cli', 'lab'];

test('dependencies point one way', async () => {
  const { output } = await cruise([...folders, 'worker.ts'], {
    ruleSet: { forbidden: rules.forbidden },
    validate: true,
    ...rules.options,
  });
  if (typeof output === 'string') throw new Error(output);
  expect(output.summary.totalCruised).toBeGreaterThan(100);
  expect(output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});

test('every error code in the source is in the catalogue, and the other way round', () => {
  const used = new Set(
    [...folders.flatMap(sources), 'worker.ts']
      .filter((path) => !path.startsWith('dsl/errors/'))
      .flatMap((path) => readFileSync(path, 'utf8').match(/\bFD\d{4}\b/g) ?? []),
  );
  expect([...used].filter((code) => !(code in catalogue)).sort()).toEqual([]);
  expect(
    Object.keys(catalogue)
      .filter((code) => !used.has(code))
      .sort(),
  ).toEqual([]);
});

test('a kind is called after its family’s folder and its own file', () => {
  for (const { name } of registry)
    expect([name, existsSync(join('activities', `${name}.ts`))]).toEqual([name, true]);
  expect(new Set(registry.map(({ name }) => name)).size).toBe(registry.length);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
