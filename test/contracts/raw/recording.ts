/** What the real servers answered, by area, as it stands in `recorded/`; `npm run test:rig` holds it to them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Area } from './case.ts';
import type { Observations } from './run.ts';

const FOLDER = join(import.meta.dirname, 'recorded');

function fileOf(title: string): string {
  return join(
    FOLDER,
    `${title
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, '-')
      .replaceAll(/^-|-$/g, '')}.json`,
  );
}

export function readRecording(areas: readonly Area[]): Observations {
  return Object.fromEntries(
    areas.map(({ title }) => {
      const file = fileOf(title);
      return [title, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}];
    }),
  );
}

export function writeRecording(seen: Observations): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const [title, cases] of Object.entries(seen))
    writeFileSync(fileOf(title), `${JSON.stringify(cases, null, 2)}\n`);
}
