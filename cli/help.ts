/** Texts of `help`, `--help`. Pure. */
import type { Command } from './command.ts';
import { table } from './table.ts';

export function overview(version: string): string {
  const groups = table.map(
    ({ group, entries }) =>
      `${group}\n${entries.map((entry) => `  ${entry.name.padEnd(10)} ${entry.summary}`).join('\n')}`,
  );
  return [
    `firedrill ${version}: rehearse the loss of a cluster, judged by what clients saw`,
    'Usage: firedrill COMMAND [ARGUMENTS]   (in a checkout: npx firedrill COMMAND)',
    ...groups,
    'firedrill COMMAND --help explains one; firedrill --version prints the version.\n' +
      'Exit codes: 0 passed and restored, 1 failed, 2 inconclusive, 3 aborted, 4 broken,\n' +
      '5 passed but not restored, 64 bad usage or runbook.',
  ].join('\n\n');
}

export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]) => {
    const value = flag.type === 'string' ? ` ${flag.value ?? 'VALUE'}` : '';
    return `  ${`--${name}${value}`.padEnd(26)} ${flag.summary}`;
  });
  const inputs = command.takesInputs
    ? ['  --INPUT VALUE              an input of the runbook, by its name']
    : [];
  return [`Usage: firedrill ${command.usage}`, command.about, [...inputs, ...flags].join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}
