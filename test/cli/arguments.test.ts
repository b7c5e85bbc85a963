import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCall } from '../../cli/arguments.ts';
import type { Call, Command } from '../../cli/command.ts';
import { silent } from './silent.ts';

const command: Command = {
  usage: 'try RUNBOOK',
  about: '',
  arguments: { min: 1, max: 1 },
  flags: {
    fleet: { type: 'string', value: 'FLEET', summary: '' },
    input: { type: 'string', multiple: true, summary: '' },
    json: { type: 'boolean', summary: '' },
  },
  takesInputs: true,
  run: async () => 0,
};
const { takesInputs: _, ...strict } = command;

function call(...argv: string[]): Call {
  const parsed = parseCall(command, argv, silent());
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.call;
}

function codes(of: Command, ...argv: string[]): string[] {
  const parsed = parseCall(of, argv, silent());
  return 'problems' in parsed ? parsed.problems.map((problem) => problem.code) : [];
}

test('inputs of the runbook are flags, before and after it', () => {
  const { arguments: words, inputs } = call('--victim=aks2', 'scenario-b', '--mover', 'none');
  expect(words).toEqual(['scenario-b']);
  expect({ ...inputs }).toEqual({ victim: 'aks2', mover: 'none' });
});

test('--input gives an input of any name, also one named like a flag', () => {
  expect({ ...call('b', '--input', 'fleet=x', '--input', 'a=b=c').inputs }).toEqual({ fleet: 'x', a: 'b=c' });
});

test('a flag without a value is true for an input and wrong for a flag that wants one', () => {
  expect({ ...call('b', '--quick').inputs }).toEqual({ quick: true });
  expect({ ...call('b', '--offset', '-5').inputs }).toEqual({ offset: '-5' });
  expect(codes(command, 'b', '--fleet')).toEqual(['FD7003']);
  expect(codes(command, 'b', '--fleet', '--json')).toEqual(['FD7003']);
});

test('every mistake is reported at once', () => {
  expect(codes(strict, '--jsn', '--fleet=a', '--fleet=b', '--json=yes')).toEqual([
    'FD7002',
    'FD7003',
    'FD7003',
    'FD7004',
  ]);
  expect(codes(command, 'b', 'c', '--x=1', '--x=2', '--input', 'nothing')).toEqual([
    'FD7007',
    'FD7003',
    'FD7004',
  ]);
});

test('an unknown flag names the nearest ones', () => {
  const parsed = parseCall(strict, ['b', '--jsn'], silent());
  expect('problems' in parsed && parsed.problems[0]?.remedy).toContain('--json');
});

test('names that every object has are inputs like others', () => {
  expect({ ...call('b', '--constructor', 'x').inputs }).toEqual({ constructor: 'x' });
  expect(codes(strict, 'b', '--toString')).toEqual(['FD7002']);
});

test('any value comes back as it was given', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.string(), (name, value) => {
      fc.pre(!Object.hasOwn(command.flags, name));
      expect(call('b', `--${name}=${value}`).inputs[name]).toBe(value);
      expect(call('b', '--input', `${name}=${value}`).inputs[name]).toBe(value);
    }),
  );
});
