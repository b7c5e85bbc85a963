/** `docs/fidelity.md`: sandbox and real servers, case by case. */
import type { Area } from './case.ts';
import type { Compared } from './comparison.ts';
import type { Difference } from './differences.ts';

const introduction = `The sandbox is held to real control planes: Kubernetes 1.35.4 and Karmada 1.18.2, as \`lab up --tier rig\` starts them.
Each line is a case of \`test/contracts/raw\`: a plain HTTP client does something to a plane, and what it can see (status,
body, headers, events) is compared, but for what is another one in every run. What the real servers answered stands in
\`test/contracts/raw/recorded\`. \`npm test\` holds the sandbox to it, \`npm run test:rig\` holds it to the running servers and
writes this page. A difference without a reason in \`test/contracts/raw/known-differences.ts\` fails both, and so does a
reason without a difference.`;

export function fidelityPage(areas: readonly Area[], cases: readonly Compared[]): string {
  const same = cases.filter((one) => one.differences.length === 0).length;
  const parts = [
    '<!-- Written by `npm run test:rig`; `npm test` holds it equal. Not to be edited. -->',
    '# Fidelity: the sandbox beside real control planes',
    introduction,
    `**${same} of ${cases.length} cases are the same, ${cases.length - same} differ** for the reasons told.`,
    ...areas.map((area) =>
      section(
        area,
        cases.filter((one) => one.area === area.title),
      ),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ title, plane }: Area, cases: Compared[]): string {
  const same = cases.filter((one) => one.differences.length === 0).length;
  const rows = cases.map((one) =>
    one.differences.length === 0
      ? `| ${cell(one.name)} | same | |`
      : `| ${cell(one.name)} | **differs** | ${cell(one.reasons.join(' '))} ${seen(one.differences)} |`,
  );
  const where = plane === 'member' ? 'a member' : 'the federation';
  return [
    `## ${title}`,
    `On ${where}; ${same} of ${cases.length} the same.`,
    ['| case | sandbox | why, and what |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** The status, where that is what differs; else the first leaf. */
function seen(all: Difference[]): string {
  const { at, real, sandbox } = all.find((one) => one.at.endsWith('status')) ?? (all[0] as Difference);
  const more = all.length > 1 ? `, and ${all.length - 1} more` : '';
  return `${code(at || 'answer')}: ${code(short(real))} there, ${code(short(sandbox))} here${more}`;
}

const LONGEST = 90;

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A bar would end the cell, a backtick the code. */
const code = (text: string) => `\`${cell(text.replaceAll('`', '´'))}\``;
