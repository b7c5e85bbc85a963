import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Definition } from '../../cli/processes/definitions.ts';
import { ensure } from '../../cli/processes/ensure.ts';
import { inHome, prepare } from '../../cli/processes/home.ts';
import { stopOne } from '../../cli/processes/stop-all.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firedrill-ensure-'));
  process.env['FIREDRILL_HOME'] = home;
});
afterEach(async () => {
  await stopOne('lab');
  delete process.env['FIREDRILL_HOME'];
  rmSync(home, { recursive: true, force: true });
});

/** A process that runs this code; it is up when it has made the file `up` in its home. */
function definition(code: string): Definition {
  const up = join(home, 'up');
  return {
    name: 'lab',
    title: 'a lab',
    version: () => 'v',
    prepare: async () => ({
      name: 'lab',
      command: [
        process.execPath,
        '-e',
        `const up = () => fs.writeFileSync(${JSON.stringify(up)}, '');${code}`,
      ],
      env: {},
      ports: {},
      version: 'v',
    }),
    isUp: async () => existsSync(up),
    tellsProgress: true,
  };
}

async function told(of: Definition): Promise<string[]> {
  const lines: string[] = [];
  await ensure(of, (text) => void lines.push(text));
  return lines;
}

test('who waits for a start is told how far it is, of this start only; who finds it up is told nothing', async () => {
  writeFileSync(prepare(inHome('logs', 'lab.log')), 'of an earlier life\n');
  const slow = definition("console.log('one'); console.log('two'); up(); setInterval(() => {}, 1000)");
  expect(await told(slow)).toEqual(['starting a lab', '  one', '  two']);
  expect(await told(slow)).toEqual([]);
});

test('one that ends while it starts: what it said last is told, and where its log is', async () => {
  const lines: string[] = [];
  const failed = ensure(
    definition("console.log('one'); console.error('no room')"),
    (text) => void lines.push(text),
  );
  await expect(failed).rejects.toMatchObject({
    problems: [{ code: 'FD7011', where: inHome('logs', 'lab.log') }],
  });
  expect(lines).toEqual(['starting a lab', '  one', '  no room']);
});
