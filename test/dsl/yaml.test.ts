import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../dsl/problem.ts';
import { parseSource } from '../../dsl/source.ts';
import { compiled } from './catalogue.ts';

const read = (text: string) => parseSource('drill.yaml', text);
const first = (text: string) => read(text).problems[0]!;

describe('what YAML would silently reinterpret', () => {
  test.each([
    ['a tag', 'if: !has(steps.x.output)', 'FD1002', 'if: "!has(steps.x.output)"'],
    ['a tag within a list', '- if: !x', 'FD1002', '- if: "!x"'],
    [
      'braces in a flow map',
      'with: { a: ${{ inputs.x }}, b: 1 }',
      'FD1001',
      'with: { a: "${{ inputs.x }}", b: 1 }',
    ],
    [
      'braces with texts of their own',
      'with: { a: ${{ inputs.x ? \'a\' : "b" }} }',
      'FD1001',
      "with: { a: '${{ inputs.x ? ''a'' : \"b\" }}' }",
    ],
    ['a colon in a value', 'title: AKS1: is lost', 'FD1001', 'title: "AKS1: is lost"'],
    ['a ternary', 'if: inputs.x ? true : false # why', 'FD1001', 'if: "inputs.x ? true : false" # why'],
    [
      'a value that begins with a quoted word',
      "assert: 'a' == inputs.x",
      'FD1001',
      'assert: "\'a\' == inputs.x"',
    ],
    ['a reserved character', 'title: @home', 'FD1001', 'title: "@home"'],
    ['an alias', 'if: *all', 'FD1003', 'if: "*all"'],
  ])('%s', (_, line, code, quoted) => {
    const problem = first(`${line}\n`);
    expect(problem.code).toBe(code);
    expect(problem.remedy).toContain(quoted);
    expect(read(`${quoted}\n`).problems).toEqual([]);
  });

  test.each([
    ['an anchor', 'a: &x 1\n', 'FD1003', 1],
    ['a merge', 'a: 1\n<<: { b: 2 }\n', 'FD1003', 2],
    ['a resolved tag', 'a: !!str 5\n', 'FD1002', 1],
    ['a field written twice', 'a: 1\nb: 2\na: 3\n', 'FD1004', 3],
    ['two documents', 'a: 1\n---\nb: 2\n', 'FD1007', 2],
    ['a number beyond 2^53', 'a: 12345678901234567890\n', 'FD1007', 1],
    ['infinity', 'a: .inf\n', 'FD1007', 1],
    ['a key that is no name', '? { a: 1 }\n: 2\n', 'FD1007', 1],
    ['__proto__', '__proto__: 1\n', 'FD1007', 1],
    ['a tab', 'a:\n\tb: 1\n', 'FD1001', 2],
    ['an open quote, where the text ends', 'a: "b\n', 'FD1001', 2],
  ])('%s', (_, text, code, line) => {
    const problem = first(text);
    expect([problem.code, problem.place.line]).toEqual([code, line]);
  });

  test('one misread line does not hide the others', () => {
    const { problems } = read('if: !x\nwith: { a: ${{ b }} }\nc: 1\nc: 2\nd: *e\n');
    expect(problems.map(({ code, place }) => `${place.line} ${code}`)).toEqual([
      '1 FD1002',
      '2 FD1001',
      '4 FD1004',
      '5 FD1003',
    ]);
  });

  test('a comment that cuts an expression is named', () => {
    const { problems } = compiled("name: drill\nsteps:\n  - assert: fleet.name == 'a #b'\n");
    expect(problems).toMatchObject([{ code: 'FD1301', place: { line: 3 } }]);
    expect(problems[0]!.remedy).toContain('#');
  });
});

describe('places', () => {
  const text = `plain: abc def
single: 'abc def'
double: "abc def"
escaped: "a\\tbc def"
block: |
  abc
  abc def
list: [1, abc def]
`;
  const { source } = read(text);

  test.each([
    ['plain', 1, 12],
    ['single', 2, 14],
    ['double', 3, 14],
    ['escaped', 4, 10],
  ])('of a character in %s text', (field, line, column) => {
    expect(source!.inside([field], 4)).toMatchObject({ line, column });
  });
  test('of a character in a block', () => {
    expect(source!.inside(['block'], 8)).toMatchObject({ line: 7, column: 7 });
  });
  test('of values, names and what is missing', () => {
    expect(source!.at(['list', 1])).toMatchObject({ line: 8, column: 11 });
    expect(source!.atKey(['list'])).toMatchObject({ line: 8, column: 1 });
    expect(source!.at(['list', 7, 'x'])).toMatchObject({ line: 8, column: 7 });
  });
  test('with carriage returns', () => {
    const { source: dos } = read(text.replaceAll('\n', '\r\n'));
    expect(dos!.at(['list', 1])).toMatchObject({ line: 8, column: 11 });
    expect(dos!.line(1)).toBe('plain: abc def');
  });
});

describe('bounds', () => {
  test('more than 1 MiB is refused unread', () => {
    expect(first('a: 1\n'.repeat(2_000_000))).toMatchObject({
      code: 'FD1005',
      place: { line: 1, column: 1 },
    });
  });
  test.each([
    ['flow', '['.repeat(100_000)],
    ['block', `a:\n${Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth + 1)}a:`).join('\n')}`],
    ['compact', `${'- '.repeat(300)}a`],
  ])('deep nesting, %s', (_, text) => {
    expect(read(text).problems.map(({ code }) => code)).toContain('FD1006');
  });
  test('a bomb of aliases is never expanded', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++)
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect(new Set(read(lines.join('\n')).problems.map(({ code }) => code))).toEqual(new Set(['FD1003']));
  });
  test('very many mistakes are as many as a person can mend', () => {
    const { problems } = read('- *a\n'.repeat(100_000));
    expect(problems.length).toBe(100);
  });
  test('many fields are read in linear time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(read(text).problems).toEqual([]);
  });
});

describe('formatting', () => {
  test('file:line:column, the line with a caret, found, expected, nearest, remedy', () => {
    const { problems } = compiled('name: drill\nsteps:\n  - uses: drill/wiat\n    with: { for: 1s }\n');
    expect(formatProblem(problems[0]!)).toBe(
      [
        "runbooks/drill.yaml:3:11 error FD1401 there is no step kind 'drill/wiat'",
        '  3 |   - uses: drill/wiat',
        '    |           ^',
        "  found:    'drill/wiat'",
        '  expected: a kind of the catalogue',
        '  did you mean: drill/wait, drill/notify',
        "  remedy:   Correct the name; 'npx firedrill steps' lists all kinds",
      ].join('\n'),
    );
  });
  test('a very long line is cut around the place', () => {
    const { problems } = compiled(`name: drill\nsteps: [{ assert: "${'1 == 1 && '.repeat(60)}nope" }]\n`);
    const { line, place } = problems[0]!;
    expect(place.column).toBeGreaterThan(600);
    expect(line.text.length).toBeLessThanOrEqual(160);
    expect(line.text.slice(line.caret)).toMatch(/^nope/);
  });
});
