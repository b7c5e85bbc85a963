/** The summary at the end of a run: 80 columns, and nothing but text where colour is not wanted. */
import { styleText } from 'node:util';
import type { VerdictName } from '../workflows/protocol.ts';
import { figuresOf, type Tone } from './figures.ts';
import { count, day, duration, since } from './format.ts';
import { headlineOf } from './headline.ts';
import type { Journal } from './journal.ts';
import { lostOf } from './lost.ts';
import { printedOf } from './printed.ts';
import { storyOf } from './story.ts';
import { placeText, tenantLosses } from './tenants.ts';
import { toldCauses } from './verdict/cause.ts';
import { type Judgement, judge } from './verdict.ts';

const WIDTH = 80;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const verdictStyle: Record<VerdictName, Style> = {
  passed: ['bold', 'green'],
  failed: ['bold', 'red'],
  inconclusive: ['bold', 'yellow'],
  aborted: ['bold', 'magenta'],
  broken: ['bold', 'red', 'inverse'],
};
const toneStyle: Record<Tone, Style> = { good: 'green', bad: 'red', doubtful: 'yellow', plain: 'reset' };

export function summaryOf(journal: Journal, { colour }: { colour: boolean }): string {
  const judged = judge(journal);
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const blocks = [
    heading(journal, judged, paint),
    wrapped(storyOf(journal, judged), 2),
    figures(journal, judged, paint),
    milestones(judged, paint),
    lost(journal, judged, paint),
    tenants(journal, paint),
    ...printed(journal, paint),
    causes(judged, paint),
    left(judged, paint),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function heading(journal: Journal, judged: Judgement, paint: Paint): string[] {
  const headline = headlineOf(journal, judged);
  const word = headline.word.toUpperCase();
  const name = shortened(
    journal.plan.runbook.description ?? journal.plan.runbook.name,
    WIDTH - word.length - 2,
  );
  const gap = ' '.repeat(Math.max(WIDTH - widthOf(name) - word.length, 1));
  const who = `${journal.run} · ${day(journal.startedMs)} · ${journal.options.requestedBy}`;
  return [
    `${paint('bold', name)}${gap}${paint(verdictStyle[headline.as], word)}`,
    paint('dim', shortened(who, WIDTH)),
  ];
}

function figures(journal: Journal, judged: Judgement, paint: Paint): string[] {
  return figuresOf(journal, judged).flatMap(({ name, value, beside, tone }) => {
    const [first = '', ...more] = wrapped(beside, 38);
    return [`  ${name.padEnd(26)}${paint(toneStyle[tone], value.padEnd(10))}${first.trimStart()}`, ...more];
  });
}

function milestones({ milestones: all, phases }: Judgement, paint: Paint): string[] {
  if (all.length === 0 || phases.faultAtMs === undefined) return [];
  return [
    paint('bold', '  From the fault to healthy users'),
    ...all.map(
      ({ afterMs, name, evidence }) =>
        `  ${`+${duration(afterMs)}`.padStart(9)}  ${name.padEnd(12)} ${shortened(evidence, 53)}`,
    ),
  ];
}

function lost(journal: Journal, { phases }: Judgement, paint: Paint): string[] {
  const all = lostOf(journal, phases);
  if (all.length === 0) return [];
  return [
    paint('bold', '  Requests lost, by cause                      before  exercise  way back'),
    ...all.map(({ cause, byPhase }) => {
      const cells = [byPhase['before the fault'], byPhase.exercise, byPhase['way back']].map(count);
      return `  ${shortened(cause, 42).padEnd(43)}${cells[0]?.padStart(8)}${cells[1]?.padStart(10)}${cells[2]?.padStart(10)}`;
    }),
  ];
}

function tenants(journal: Journal, paint: Paint): string[] {
  const all = tenantLosses(journal);
  if (all.length === 0) return [];
  return [
    paint('bold', '  Other tenants'),
    ...all.flatMap((one) => {
      const lost =
        one.missing === 0
          ? `lost none of its ${one.wanted} replicas`
          : `${one.missing} of ${one.wanted} replicas missing, for ${duration(one.downMs)}${one.whole ? '' : ', and still'}`;
      return wrapped(`${one.workload}: ${lost}; ${placeText(one)}`, 2);
    }),
  ];
}

function causes({ causes, phases }: Judgement, paint: Paint): string[] {
  const all = toldCauses(causes);
  if (all.length === 0) return [];
  const zeroMs = phases.faultAtMs ?? phases.run.fromMs;
  const after = phases.faultAtMs === undefined ? 'after the start' : 'after the fault';
  return [
    paint('bold', `  Why, in order of time (${after})`),
    ...all.flatMap(({ atMs, text, remedy }) => {
      const [first = '', ...more] = wrapped(remedy === '' ? text : `${text}. → ${remedy}`, 13);
      return [`  ${since(atMs, zeroMs).padStart(9)}  ${first.trimStart()}`, ...more];
    }),
  ];
}

function left({ restoration }: Judgement, paint: Paint): string[] {
  if (restoration.left.length === 0) return [];
  return [
    paint(['bold', 'red'], '  Not as before'),
    ...restoration.left.flatMap(({ what, reason, remedy }) => [
      ...wrapped(`${what}: ${reason}`, 2),
      // A command is copied, so it is never broken over lines.
      `    ${remedy}`,
    ]),
  ];
}

/** As the steps laid it out: only what is too long for a terminal is cut. */
function printed(journal: Journal, paint: Paint): string[][] {
  return printedOf(journal).map(({ title, lines }) => [
    paint('bold', `  ${shortened(title, WIDTH - 2)}`),
    // Tables are laid out and may be cut; a sentence may not.
    ...lines.flatMap((line) =>
      /^[a-z]/.test(line) ? wrapped(line, 2) : `  ${shortened(line, WIDTH - 2)}`.trimEnd(),
    ),
  ]);
}

/** Words over lines of WIDTH, each indented. */
function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > WIDTH - indent) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one);
}

/** Columns on a terminal: Hangul and the other wide scripts take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(
      character,
    )
      ? 2
      : 1;
  return width;
}

function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept) + widthOf(character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
