/** The fleet files that ship: what they say of each other, and the runbooks that are for them. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lintRunbook } from '../../../cli/compile.ts';
import { allRunbooks } from '../../../cli/runbook.ts';
import { formatProblem } from '../../../dsl/problem.ts';

const fleet = (name: string) =>
  readFileSync(join(import.meta.dirname, `../../../fleets/${name}.yaml`), 'utf8');

async function errors(runbook: string, on: string): Promise<string[]> {
  const { problems } = await lintRunbook(runbook, on);
  return problems.filter(({ severity }) => severity === 'error').map(formatProblem);
}

test.each([
  ['lab', 'rig'],
  ['lab-pull', 'rig-pull'],
])('the rig says of its folder what the sandbox says of its own: %s, %s', (sandbox, rig) => {
  const words = (text: string) => text.split('\n').filter((line) => !line.startsWith('#'));
  const moved = words(fleet(sandbox)).map((line) =>
    line
      .replaceAll('.firedrill/lab/', '.firedrill/rig/')
      .replace(/^name: lab(?=$|-)/, 'name: rig')
      .replace(/^tier: sandbox$/, 'tier: rig'),
  );
  expect(words(fleet(rig))).toEqual(moved);
});

test.each(allRunbooks().map((path) => [basename(path), path] as const))(
  '%s compiles on the rig',
  async (_, path) => {
    expect(await errors(path, 'rig')).toEqual([]);
  },
);

test('the drill for kind compiles on kind, and nowhere else', async () => {
  expect(await errors('runbooks/kind/member-lost.yaml', 'kind')).toEqual([]);
  expect(await errors('runbooks/kind/member-lost.yaml', 'lab')).not.toEqual([]);
});

test('a drill with a load balancer is refused on kind, which has none', async () => {
  const found = await errors('runbooks/scenario-b.yaml', 'kind');
  expect(found.join('\n')).toContain('load balancer');
});
