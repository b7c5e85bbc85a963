/** What a case has of an API server. `{own}` in a path, a query or a body is a name that is the case's alone. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, type Connection, send } from './connection.ts';
import { type OpenWatch, openWatch } from './watching.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server said
export type Any = any;

export interface Answer {
  status: number;
  /** Only those that a client reads: `content-type` other than JSON, `retry-after`, `warning`, `allow`. */
  headers?: Record<string, string>;
  /** Parsed, where it is JSON. */
  body: Any;
}

export interface Asking {
  query?: Record<string, string | number | boolean>;
  /** Default `application/json`; null sends none. */
  type?: string | null;
}

export interface Api {
  /** The name that `{own}` stands for; a namespace of this name is there. */
  own: string;
  get(path: string, query?: Asking['query']): Promise<Answer>;
  /** A string is sent as it is. */
  post(path: string, body: unknown, asking?: Asking): Promise<Answer>;
  put(path: string, body: unknown, asking?: Asking): Promise<Answer>;
  /** `merge`, `strategic`, `json`, `apply`, or a content type. */
  patch(path: string, format: string, body: unknown, query?: Asking['query']): Promise<Answer>;
  delete(path: string, options?: unknown, query?: Asking['query']): Promise<Answer>;
  watch(path: string, query?: Asking['query']): Promise<OpenWatch>;
  as(caller: Caller): Api;
}

/** A request that a server takes for a watch would be answered without an end. */
const LONGEST_MS = 10_000;

const formats: Record<string, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** `made` is told every path outside the case's own namespace under which something was created. */
export function createApi(connection: Connection, own: string, made: (path: string) => void): Api {
  const filled = (text: string) => text.replaceAll('{own}', own);

  function address(path: string, query: Asking['query'] = {}): string {
    const words = Object.entries(query).map(([name, value]) => [name, filled(String(value))]);
    const search = new URLSearchParams(words).toString();
    return filled(path) + (search === '' ? '' : `?${search}`);
  }

  function of(caller: Caller): Api {
    async function ask(
      method: string,
      path: string,
      body: unknown,
      { query, type }: Asking,
    ): Promise<Answer> {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const described =
        text === undefined || type === null ? {} : { 'content-type': type ?? 'application/json' };
      const message = { method, path: address(path, query), caller, body: text && filled(text) };
      const headers = { 'user-agent': 'contract/1', ...described };
      const signal = AbortSignal.timeout(LONGEST_MS);
      const response = await send(connection, { ...message, headers, signal });
      const answer = answered(response.statusCode, response.headers, await response.body.text());
      const name = answer.body?.metadata?.name;
      const outside = !path.includes('/namespaces/{own}/');
      if (response.statusCode === 201 && name && outside && answer.body.kind !== 'Status')
        made(method === 'POST' ? `${filled(path)}/${name}` : filled(path));
      return answer;
    }
    return {
      own,
      get: (path, query) => ask('GET', path, undefined, { ...(query && { query }) }),
      post: (path, body, asking = {}) => ask('POST', path, body, asking),
      put: (path, body, asking = {}) => ask('PUT', path, body, asking),
      patch: (path, format, body, query) =>
        ask('PATCH', path, body, { type: formats[format] ?? format, ...(query && { query }) }),
      delete: (path, options, query) => ask('DELETE', path, options, { ...(query && { query }) }),
      watch: (path, query) => openWatch(connection, address(path, { watch: true, ...query }), caller),
      as: of,
    };
  }
  return of('administrator');
}

function answered(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const shown = headersOf(headers);
  const body = /json/.test(headers['content-type'] ?? '') ? JSON.parse(text) : text;
  return { status, ...(Object.keys(shown).length > 0 && { headers: shown }), body };
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name of ['content-type', 'retry-after', 'warning', 'allow'])
    if (headers[name] !== undefined && headers[name] !== 'application/json')
      shown[name] = String(headers[name]);
  return shown;
}
