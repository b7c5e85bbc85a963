/** `npm run docs`: writes the pages that are made from the code. A test holds the committed ones equal to them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogue } from '../activities/registry.ts';
import { jsonSchema } from '../dsl/json-schema.ts';
import { errorsPage } from './pages/errors.ts';
import { fleetPage } from './pages/fleet.ts';
import { kindsPage } from './pages/kinds.ts';
import { labPage } from './pages/lab.ts';
import { verdictsPage } from './pages/verdicts.ts';

/** By the file's name in `docs/`. Run in the checkout's root: examples name files of it. */
export const pages: Record<string, () => string> = {
  'errors.md': errorsPage,
  'fleet.md': fleetPage,
  'kinds.md': kindsPage,
  'lab.md': labPage,
  'runbook.schema.json': () => `${JSON.stringify(jsonSchema(catalogue), null, 1)}\n`,
  'verdicts.md': verdictsPage,
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [name, make] of Object.entries(pages)) {
    writeFileSync(join('docs', name), make());
    console.log(`docs/${name}`);
  }
