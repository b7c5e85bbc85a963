/**
 * Colours of the charts. The charting library wants real colours and the page wants CSS variables, so that one
 * drawing serves light, dark and print: each token is drawn in a colour of its own that nothing else uses and
 * becomes its variable afterwards.
 */
const tokens = [
  'ink',
  'muted',
  'line',
  'paper',
  'bad',
  'fault',
  'back',
  'c1',
  'c2',
  'c3',
  'c4',
  'c5',
  'c6',
] as const;
export type Token = (typeof tokens)[number];

const PREFIX = '#a1b0';
const code = (token: Token) => `${PREFIX}${tokens.indexOf(token).toString(16).padStart(2, '0')}`;

export const ink = Object.fromEntries(tokens.map((token) => [token, code(token)])) as Record<Token, string>;

export function withVariables(svg: string): string {
  return tokens.reduce((text, token) => text.replaceAll(code(token), `var(--${token})`), svg);
}

/** The victim first, then the others by name; one colour each, the same in every chart. */
export function clusterTokens(members: string[], victim: string | undefined): Map<string, Token> {
  const order = [...members].sort((a, b) => (a === victim ? -1 : b === victim ? 1 : a < b ? -1 : 1));
  const colours = tokens.filter((token) => /^c\d$/.test(token));
  return new Map(order.map((name, index) => [name, colours[index % colours.length] ?? 'c1']));
}
