/** Markdown that every page needs. */

/** First line of a page that is made: edits belong where it is made from. */
export const made = (from: string): string =>
  `<!-- Made from ${from} by \`npm run docs\`; a test holds it equal. Edit there, not here. -->`;

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** One line; a bar would end the cell, also inside code. */
function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Paragraphs, tables and blocks into a page. */
export const page = (...parts: string[]): string => `${parts.join('\n\n')}\n`;
