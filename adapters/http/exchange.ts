/** One request and its answer over an undici dispatcher, with one deadline for all of it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { RequestClass } from '../../dsl/window.ts';
import { classOfError, classOfStatus, describeError } from './classify.ts';

export const BODY_LIMIT = 64 * 1024;

export interface Exchange {
  class: RequestClass;
  /** Only of an answer that came whole. */
  status?: number;
  error?: string;
  /** Lower-case names; several values joined by ', '. */
  headers: Record<string, string>;
  /** The first 64 KiB, when it was to be kept. */
  body: string;
  bytes: number;
  /** `performance.now()` at the marks that were reached. */
  sentAt: number;
  writtenAt?: number;
  headersAt?: number;
  endedAt: number;
}

export interface ExchangeOptions {
  path: string;
  headers: Record<string, string>;
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  keepBody: boolean;
  /** Says to the other side that the connection ends with this answer. */
  fresh: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Never rejects. undici's own timers are coarse (half a second), and an abort of a request that still waits for
 * its connection is only heard once that is settled: hence the timer here decides, whatever undici does later.
 */
export function exchange(dispatcher: Dispatcher, options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve) => {
    const result: Omit<Exchange, 'class' | 'endedAt'> = {
      headers: {},
      body: '',
      bytes: 0,
      sentAt: performance.now(),
    };
    const kept: Buffer[] = [];
    let keptBytes = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;

    function settle(outcome: RequestClass, error?: string) {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      result.body = Buffer.concat(kept).toString('utf8');
      if (error !== undefined) {
        result.error = error;
        delete result.status;
      }
      resolve({ ...result, class: outcome, endedAt: performance.now() });
    }
    function giveUp(outcome: RequestClass, why: string) {
      settle(outcome, why);
      controller?.abort(new Error(why));
    }
    const onAbort = () => giveUp('other', 'given up by the caller');
    const timer = setTimeout(() => giveUp('timeout', unanswered(options, result)), options.timeoutMs);
    if (options.signal?.aborted) return onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (settled) started.abort(new Error('too late'));
        else result.writtenAt = performance.now();
      },
      onResponseStart(_, status, headers) {
        if (status < 200) return;
        result.status = status;
        result.headers = flatten(headers);
        result.headersAt = performance.now();
      },
      onResponseData(_, chunk) {
        result.bytes += chunk.length;
        if (!options.keepBody || keptBytes >= BODY_LIMIT) return;
        const part = chunk.subarray(0, BODY_LIMIT - keptBytes);
        keptBytes += part.length;
        kept.push(part);
      },
      onResponseEnd: () => settle(classOfStatus(result.status ?? 0)),
      onResponseError: (_, error) => settle(classOfError(error), describeError(error)),
    };
    try {
      dispatcher.dispatch(
        { method: 'GET', path: options.path, headers: options.headers, reset: options.fresh },
        handler,
      );
    } catch (error) {
      settle(classOfError(error), describeError(error));
    }
  });
}

function unanswered(options: ExchangeOptions, reached: Pick<Exchange, 'writtenAt' | 'headersAt'>): string {
  const stage =
    reached.headersAt !== undefined
      ? 'end of the body'
      : reached.writtenAt !== undefined
        ? 'answer'
        : 'connection';
  return `no ${stage} within ${options.timeoutMs} ms`;
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
