/** As much of a Kubernetes client as the data plane needs: JSON requests, and a watch as a stream of events. */
import { Agent, type Dispatcher } from 'undici';
import type { KubeObject } from '../../store.ts';
import type { PlaneAccess } from './access.ts';

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject;
}

export interface ApiClient {
  /** @throws ApiFailure when the server refuses, an error of the connection when it cannot be asked. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the path; each caller knows its own
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<any>;
  /** A merge patch (RFC 7386), or another of the server's kinds. */
  patch(path: string, body: object, type?: string): Promise<void>;
  /** Ends when the server closes the watch; throws as `send` does. */
  watch(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent>;
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** An API server that is there answers at once; one that does not within this time is asked again. */
const ANSWER_MS = 10_000;

export function createApiClient({ server, authority, certificate, key, token }: PlaneAccess): ApiClient {
  const agent = new Agent({
    connect: { ca: authority, cert: certificate, key, timeout: ANSWER_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
  });

  async function ask(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<Dispatcher.ResponseData> {
    const answer = await agent.request({ ...options, origin: server });
    if (answer.statusCode < 400) return answer;
    const text = await answer.body.text();
    throw new ApiFailure(answer.statusCode, `${options.method} ${options.path}: ${messageIn(text)}`);
  }

  function headers(type = 'application/json') {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return { accept: 'application/json', 'content-type': type, ...authorization };
  }

  return {
    async send(method, path, body) {
      const answer = await ask({
        method,
        path,
        headers: headers(),
        ...(body && { body: JSON.stringify(body) }),
      });
      return answer.body.json();
    },
    async patch(path, body, type = 'application/merge-patch+json') {
      const answer = await ask({ method: 'PATCH', path, headers: headers(type), body: JSON.stringify(body) });
      await answer.body.dump();
    },
    async *watch(path, signal) {
      const answer = await ask({ method: 'GET', path, headers: headers(), signal, bodyTimeout: 0 });
      yield* eventsOf(answer.body);
    },
    close: () => agent.destroy(),
  };
}

/** One event a line. */
async function* eventsOf(body: AsyncIterable<Buffer>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
