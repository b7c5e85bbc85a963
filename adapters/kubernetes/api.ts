/**
 * One API server through the SDK's own transport and authentication. Objects travel as plain JSON: the SDK's
 * typed models turn times into Date and drop fields they do not know, and a snapshot must come back byte for byte.
 */
import type { HttpMethod, KubeConfig } from '@kubernetes/client-node';
import { refused } from '../../activities/failure.ts';
import { sleep } from '../../activities/sleep.ts';
import type { ApiAnswer, Asked } from './answer.ts';
import { adoptExecPlugin } from './exec-plugin.ts';
import { type Origin, originOf } from './origin.ts';
import { rejection } from './rejected.ts';
import { openTransport, type Phase } from './transport.ts';
import { plainOverTls, unanswered } from './unanswered.ts';

export interface KubeApi {
  /** Member name, or `federation`. */
  readonly name: string;
  readonly config: KubeConfig;
  readonly origin: Origin;
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
/** An API server that has just come up forbids everything until it has read its roles: so long it is asked again. */
const STARTING_MS = 4_000;
/** Between two questions to one that is not ready. */
const AGAIN_MS = 500;

export function openApi(name: string, config: KubeConfig, origin = originOf(config)): KubeApi {
  const plugin = adoptExecPlugin(name, config, origin);
  const transport = openTransport(config);
  const cluster = config.getCurrentCluster();
  const server = cluster?.server ?? '';

  async function once(
    { method, path, query, body, contentType }: ApiRequest,
    signal: AbortSignal,
    progress: { phase: Phase },
  ): Promise<ApiAnswer> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = contentType ?? 'application/json';
    const url = `${server}${path}${queryText(query)}`;
    const sent = { method, url, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    const { status, text, retryAfterMs } = await transport.exchange(sent, signal, progress);
    return { status, body: parse(text), retryAfterMs };
  }

  /** An answer that is about the access, not about what was asked. */
  function denied(answer: ApiAnswer, asked: Asked) {
    const plain = answer.status === 400 && /HTTP request to an HTTPS server/i.test(String(answer.body));
    if (!plain && answer.status !== 401) return undefined;
    const words = plain ? plainOverTls(server, origin) : rejection(config, origin, plugin?.token());
    return refused({
      ...words,
      where: name,
      what: `${asked.verb} ${asked.object}: ${words.what} (HTTP ${answer.status})`,
    });
  }

  async function answered(request: ApiRequest, signal: AbortSignal, progress: { phase: Phase }) {
    const untilMs = Date.now() + DEADLINE_MS;
    for (let fresh = plugin === undefined; ; ) {
      const answer = await once(request, signal, progress);
      if (answer.status === 401 && !fresh) {
        // What the plugin gave before may have been revoked; client-go asks it again, too.
        fresh = true;
        plugin?.forget();
        continue;
      }
      if (answer.status === 403 && Date.now() < untilMs - DEADLINE_MS + STARTING_MS) {
        const { status } = await once({ method: 'GET', path: '/readyz' }, signal, progress);
        if (status === 200) return answer;
        await sleep(AGAIN_MS, signal);
        continue;
      }
      const pauseMs = Math.min(answer.retryAfterMs ?? 0, RETRY_AFTER_MS);
      const busy = answer.status === 429 && !request.blocking && pauseMs > 0;
      if (!busy || Date.now() + pauseMs > untilMs) return answer;
      await sleep(pauseMs, signal);
    }
  }

  async function send(what: Omit<Asked, 'plane'>, request: ApiRequest, signal: AbortSignal) {
    signal.throwIfAborted();
    const asked = { plane: name, ...what };
    const limited = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const progress: { phase: Phase } = { phase: 'credential' };
    let answer: ApiAnswer;
    try {
      answer = await answered(request, limited, progress);
    } catch (error) {
      signal.throwIfAborted();
      const { phase } = progress;
      const servername = cluster?.tlsServerName;
      throw await unanswered({ asked, server, servername, origin, phase, withinMs: DEADLINE_MS, error });
    }
    const denial = denied(answer, asked);
    if (denial) throw denial;
    return answer;
  }
  return { name, config, origin, server, send };
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
