import { expect, test } from '@jest/globals';
import { swallowedByNpm } from '../../cli/npm.ts';

const expected = {
  flags: {
    fleet: { type: 'string' as const, summary: '' },
    json: { type: 'boolean' as const, summary: '' },
    'catch-up': { type: 'string' as const, summary: '' },
  },
  inputs: ['mover', 'max_lost'],
  arguments: { max: 1 },
};
const script = { npm_lifecycle_event: 'start-workflow' };

function remedy(env: Record<string, string>, ...words: string[]): string | undefined {
  return swallowedByNpm({ ...script, ...env }, words, expected)?.remedy;
}

test('npm 10 and 11: the value is left behind as a word', () => {
  expect(remedy({ npm_config_mover: 'true' }, 'scenario-b', 'none')).toContain(
    'npm run start-workflow -- scenario-b --mover none',
  );
});

test('--flag=value: npm kept the value', () => {
  expect(remedy({ npm_config_mover: 'none' }, 'scenario-b')).toContain('-- scenario-b --mover none');
  expect(remedy({ npm_config_max_lost: '3', npm_config_json: 'true' }, 'b')).toContain(
    '-- b --json --max_lost 3',
  );
});

test('names with a hyphen', () => {
  expect(remedy({ npm_config_catch_up: '5m' }, 'b')).toContain('-- b --catch-up 5m');
});

test("npm's own settings are not ours, nor is anything outside our scripts", () => {
  expect(remedy({ npm_config_cache: '/x', npm_config_json: '' }, 'b')).toBeUndefined();
  expect(swallowedByNpm({ npm_config_mover: 'true' }, ['b'], expected)).toBeUndefined();
  expect(
    swallowedByNpm({ npm_lifecycle_event: 'test', npm_config_mover: 'x' }, ['b'], expected),
  ).toBeUndefined();
});
