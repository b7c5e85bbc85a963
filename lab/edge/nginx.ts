/**
 * As much of nginx as a template mounted at /etc/nginx/templates needs: `server`, `location`, `add_header`,
 * `default_type`, `return`, `sub_filter` and nginx's own variables. Anything else falls through to the page of
 * the image.
 */
export interface Directive {
  words: string[];
  block: Directive[] | undefined;
}

export interface PodRequest {
  path: string;
  /** nginx variables, e.g. `$hostname`, without the dollar sign. */
  variables: Record<string, string>;
}

export interface PodAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** `docker-entrypoint.d/20-envsubst-on-templates.sh`: only variables that are set are replaced. */
export function substituteEnvironment(template: string, environment: Record<string, string>): string {
  return template.replace(/\$\{(\w+)\}|\$(\w+)/g, (found, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(environment, name) ? (environment[name] as string) : found;
  });
}

/** Throws a SyntaxError as `nginx -t` would refuse the file: the container would not start. */
export function parseNginx(text: string): Directive[] {
  const tokens = [...text.matchAll(/#[^\n]*|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([{};])|([^\s{};'"]+)/g)]
    .filter((token) => !token[0].startsWith('#'))
    .map(([, single, double, mark, word]) => ({
      mark,
      word: word ?? withoutEscapes(single ?? double ?? ''),
    }));
  let at = 0;

  function directives(nested: boolean): Directive[] {
    const found: Directive[] = [];
    let words: string[] = [];
    for (; at < tokens.length; ) {
      const { mark, word } = tokens[at++] as (typeof tokens)[number];
      if (mark === undefined) words.push(word);
      else if (mark === '}') {
        if (!nested || words.length > 0) throw new SyntaxError('unexpected "}"');
        return found;
      } else {
        found.push({ words, block: mark === '{' ? directives(true) : undefined });
        words = [];
      }
    }
    if (nested || words.length > 0) throw new SyntaxError('unexpected end of file, expecting ";" or "}"');
    return found;
  }

  return directives(false);
}

const withoutEscapes = (text: string) =>
  text.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);

/** Answers a request by a parsed configuration; `page` is what the image's own files would give. */
export function answerByNginx(
  configuration: Directive[],
  { path, variables }: PodRequest,
  page: PodAnswer,
): PodAnswer {
  const server = configuration.find(({ words }) => words[0] === 'server')?.block ?? [];
  const location = bestLocation(server, path);
  const scope = [...(location?.block ?? []), ...server.filter(({ block }) => block === undefined)];
  const first = (name: string) => scope.find(({ words }) => words[0] === name)?.words;
  const fill = (text: string) =>
    text.replace(/\$\{?(\w+)\}?/g, (found, name: string) => variables[name] ?? found);
  const returned = first('return');
  const answer = returned ? byReturn(returned, first('default_type')?.[1], fill) : { ...page };
  if (!returned)
    for (const { words } of scope)
      if (words[0] === 'sub_filter')
        answer.body = answer.body.replaceAll(words[1] ?? '', fill(words[2] ?? ''));
  return {
    ...answer,
    headers: { ...answer.headers, ...addedHeaders(location, server, answer.status, fill) },
  };
}

function bestLocation(server: Directive[], path: string): Directive | undefined {
  let best: Directive | undefined;
  for (const directive of server) {
    if (directive.words[0] !== 'location') continue;
    const [, first = '', second] = directive.words;
    if (first === '=' && second === path) return directive;
    const prefix = first === '^~' ? (second ?? '') : first;
    if (path.startsWith(prefix) && prefix.length >= (best?.words.at(-1)?.length ?? 0)) best = directive;
  }
  return best;
}

function byReturn(words: string[], type: string | undefined, fill: (text: string) => string): PodAnswer {
  return {
    status: Number(words[1]),
    headers: { 'content-type': type ?? 'application/octet-stream' },
    body: fill(words[2] ?? ''),
  };
}

/** A location with headers of its own inherits none, and without `always` only good answers carry them. */
function addedHeaders(
  location: Directive | undefined,
  server: Directive[],
  status: number,
  fill: (text: string) => string,
): Record<string, string> {
  const own = (location?.block ?? []).filter(({ words }) => words[0] === 'add_header');
  const applied = own.length > 0 ? own : server.filter(({ words }) => words[0] === 'add_header');
  return Object.fromEntries(
    applied
      .filter(({ words }) => status < 400 || words[3] === 'always')
      .map(({ words }) => [(words[1] ?? '').toLowerCase(), fill(words[2] ?? '')]),
  );
}
