/** After `tsc`: what else the published package in `dist/` needs. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const out = 'dist';

/** The schema is what an editor completes runbooks with, the tools what `lab build` builds the rig's programs from. */
const copied = [
  'bin',
  'runbooks',
  'fleets',
  'lab/rig/tools',
  'docs/runbook.schema.json',
  'README.md',
  'LICENSE',
];
for (const path of copied) if (existsSync(path)) cpSync(path, join(out, path), { recursive: true });

const { scripts, devDependencies, allowScripts, ...published } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
writeFileSync(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
