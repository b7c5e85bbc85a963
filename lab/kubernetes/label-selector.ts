/** The label selector of a query, read as apimachinery reads it, with its words for what cannot be read. */
import { badRequest } from './status-error.ts';
import { labelKeyProblem, labelValueProblem } from './validation/metadata.ts';

export interface Term {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  values: string[];
}

const TOKEN = /\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)/y;
const SYMBOLS = new Set(['==', '!=', '=', '!', '<', '>', '(', ')', ',']);

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; ; ) {
    const found = TOKEN.exec(text)?.[1];
    if (found === undefined) return tokens;
    tokens.push(found);
  }
}

function unreadable(found: string | undefined, expected: string): Error {
  return badRequest(`unable to parse requirement: found '${found ?? ''}', expected: ${expected}`);
}

const isWord = (token: string | undefined): token is string => token !== undefined && !SYMBOLS.has(token);

function checked(term: Term): Term {
  const key = labelKeyProblem(term.key);
  const problems = [
    ...(key === undefined ? [] : [`key: Invalid value: ${JSON.stringify(term.key)}: ${key}`]),
    ...term.values.flatMap((value, index) => {
      const why = labelValueProblem(value);
      return why === undefined
        ? []
        : [`values[${index}][${term.key}]: Invalid value: ${JSON.stringify(value)}: ${why}`];
    }),
  ];
  if (problems.length > 0) throw badRequest(`unable to parse requirement: ${problems.join(', ')}`);
  return term;
}

/** `app=hello,tier in (a, b),!legacy,size>3` */
export function parseLabels(text: string): Term[] {
  const tokens = tokensOf(text);

  function values(): string[] {
    const open = tokens.shift();
    if (open !== '(') throw unreadable(open, "'('");
    const list: string[] = [];
    for (;;) {
      const token = tokens.shift();
      if (isWord(token)) list.push(token);
      else if (token === ')') return list.length > 0 ? list : [''];
      else if (token !== ',') throw unreadable(token, "',', ')' or identifier");
    }
  }

  function value(): string {
    if (tokens.length === 0 || tokens[0] === ',') return '';
    const token = tokens.shift();
    if (!isWord(token)) throw unreadable(token, 'identifier');
    return token;
  }

  function term(): Term {
    const first = tokens.shift();
    if (first === '!') {
      const key = tokens.shift();
      if (!isWord(key)) throw unreadable(key, 'identifier');
      return { key, operator: 'DoesNotExist', values: [] };
    }
    if (!isWord(first)) throw unreadable(first, "!, identifier, or 'end of string'");
    if (tokens.length === 0 || tokens[0] === ',') return { key: first, operator: 'Exists', values: [] };
    const operator = tokens.shift();
    if (operator === '=' || operator === '==') return { key: first, operator: 'In', values: [value()] };
    if (operator === '!=') return { key: first, operator: 'NotIn', values: [value()] };
    if (operator === '>') return { key: first, operator: 'Gt', values: [value()] };
    if (operator === '<') return { key: first, operator: 'Lt', values: [value()] };
    if (operator === 'in') return { key: first, operator: 'In', values: values() };
    if (operator === 'notin') return { key: first, operator: 'NotIn', values: values() };
    throw unreadable(operator, 'in, notin, =, ==, !=, gt, lt');
  }

  const terms: Term[] = [];
  while (tokens.length > 0) {
    terms.push(checked(term()));
    const next = tokens.shift();
    if (next !== undefined && next !== ',') throw unreadable(next, "',' or 'end of string'");
  }
  return terms;
}
