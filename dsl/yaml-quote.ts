/**
 * The remedy for most YAML surprises is to quote: these give the line as it should be written. YAML reads `!x`
 * as a tag, `*x` as an alias, a brace inside a flow map as its end and `: ` inside a value as another key.
 */

/** In double quotes, or in single ones when the text itself holds double quotes or backslashes. */
export function quoted(text: string): string {
  return /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

/** Index after the `}}` that ends the expression opened at `from`, minding strings and inner braces; -1 if none. */
export function expressionEnd(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth++;
    else if (char === '}') {
      if (depth > 0) depth--;
      else if (text[i + 1] === '}') return i + 2;
    }
  }
  return -1;
}

/** Quotes the values that hold a bare `${{ }}` in a flow collection; undefined when there is none. */
function quoteInFlow(line: string): string | undefined {
  if (!/[[{]\s*\S.*\$\{\{/.test(line)) return undefined;
  let result = '';
  let rest = line;
  for (;;) {
    const open = rest.indexOf('${{');
    if (open < 0) break;
    const end = expressionEnd(rest, open + 3);
    if (end < 0) break;
    const before = rest.slice(0, open);
    const start = Math.max(...['{', '[', ',', ': '].map((mark) => before.lastIndexOf(mark) + mark.length), 0);
    const begin = start + (before.slice(start).length - before.slice(start).trimStart().length);
    const tail = /^[^,}\]]*/.exec(rest.slice(end))![0].trimEnd();
    const value = rest.slice(begin, end) + tail;
    result += rest.slice(0, begin) + (/^["']/.test(value) ? value : quoted(value));
    rest = rest.slice(end + tail.length);
  }
  return result === '' ? undefined : result + rest;
}

/** Quotes the whole value after `key:` (or after `- `), keeping a comment outside. */
function quoteValue(line: string): string | undefined {
  const match = /^(\s*(?:- +)*(?:[A-Za-z_][\w-]*:[ \t]+|- +))(\S.*)$/.exec(line);
  if (match === null) return undefined;
  const [, head, rest] = match;
  const comment = /\s+#.*$/.exec(rest!)?.[0] ?? '';
  const value = rest!.slice(0, rest!.length - comment.length).trimEnd();
  if (value === '' || /^[|>]/.test(value) || /^(["']).*\1$/.test(value)) return undefined;
  return `${head}${quoted(value)}${comment}`;
}

/** The line with what YAML misread put in quotes; undefined when quoting would not help. */
export function quotedLine(line: string): string | undefined {
  const inFlow = quoteInFlow(line);
  if (inFlow !== undefined && inFlow !== line) return inFlow;
  const whole = quoteValue(line);
  return whole === line ? undefined : whole;
}
