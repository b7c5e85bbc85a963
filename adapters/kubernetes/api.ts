/**
 * One API server through the SDK's own transport and authentication. Objects travel as plain JSON: the SDK's
 * typed models turn times into Date and drop fields they do not know, and a snapshot must come back byte for byte.
 */
import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
} from '@kubernetes/client-node';
import { sleep } from '../../activities/sleep.ts';
import { type ApiAnswer, type Asked, unanswered } from './answer.ts';

export interface KubeApi {
  /** Member name, or `federation`. */
  readonly name: string;
  readonly config: KubeConfig;
  readonly server: string;
  send(asked: Omit<Asked, 'plane'>, request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer>;
}

export interface ApiRequest {
  method: keyof typeof HttpMethod;
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  /** Default `application/json`. */
  contentType?: string;
  /** A 429 is an answer (an eviction that a budget blocks), not a busy server. */
  blocking?: boolean;
}

/** One request, its waits for a busy server included. */
const DEADLINE_MS = 10_000;
/** Longest wait that a Retry-After may ask for; client-go has no limit, an attempt of ours has. */
const RETRY_AFTER_MS = 3_000;

export function openApi(name: string, config: KubeConfig): KubeApi {
  const transport = new IsomorphicFetchHttpLibrary();
  const server = config.getCurrentCluster()?.server ?? '';

  async function once(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const context = new RequestContext(
      `${server}${request.path}${queryText(request.query)}`,
      HttpMethod[request.method],
    );
    context.setHeaderParam('Accept', 'application/json');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    context.setSignal(signal);
    await config.applySecurityAuthentication(context);
    const response = await transport.send(context).toPromise();
    const after = Number(response.headers['retry-after']);
    return {
      status: response.httpStatusCode,
      body: parse(await response.body.text()),
      retryAfterMs: Number.isFinite(after) ? after * 1000 : undefined,
    };
  }

  async function send(
    asked: Omit<Asked, 'plane'>,
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    signal.throwIfAborted();
    const limited = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const untilMs = Date.now() + DEADLINE_MS;
    try {
      while (true) {
        const answer = await once(request, limited);
        const pauseMs = Math.min(answer.retryAfterMs ?? 0, RETRY_AFTER_MS);
        const busy = answer.status === 429 && !request.blocking && pauseMs > 0;
        if (!busy || Date.now() + pauseMs > untilMs) return answer;
        await sleep(pauseMs, limited);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw unanswered(error, { plane: name, ...asked }, server, DEADLINE_MS);
    }
  }
  return { name, config, server, send };
}

function queryText(query: ApiRequest['query']): string {
  const given = Object.entries(query ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
