/** Runbooks whose mistakes are marked where they stand: `#! FD1204` ends the line that must be complained about. */
import { expect } from '@jest/globals';
import type { Problem } from '../../dsl/problem.ts';

export function marksOf(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const codes = /#! (.*)$/.exec(line)?.[1]?.split(' ') ?? [];
    return codes.map((code) => `${index + 1} ${code}`);
  });
}

/** Exactly the marked problems, no more and no less. */
export function expectMarked(text: string, problems: Problem[]): void {
  const found = problems.map(({ place, code }) => `${place.line} ${code}`);
  expect(found.sort()).toEqual(marksOf(text).sort());
}

/** A runbook around some steps, with users in the background. */
export function drill(steps: string, head = ''): string {
  return `name: drill
${head}
inputs:
  victim: { type: cluster, default: aks1 }
  count: { type: int, default: 3 }
  wanted: { type: bool, default: false }
setup:
  - id: joined
    for-each: fleet.members
    uses: karmada/join
    with: { cluster: "\${{ item }}" }
steps:
  - id: users
    uses: traffic/generate
    with: { rate: 50/s }
    background: true
${steps}`;
}
