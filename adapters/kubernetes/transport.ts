/**
 * Requests over connections that are kept: the SDK opens a new one, with a new TLS handshake, for every request.
 * Each part of a request says when it begins, so that a server that hangs can be named by what it hangs in.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';

/** What a request waits for. */
export type Phase = 'credential' | 'connection' | 'handshake' | 'answer' | 'body';

export interface Sent {
  method: keyof typeof HttpMethod;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Received {
  status: number;
  text: string;
  retryAfterMs: number | undefined;
}

export interface Transport {
  /** @param progress is kept up to date: after a failure it says what the request was waiting for. */
  exchange(sent: Sent, signal: AbortSignal, progress: { phase: Phase }): Promise<Received>;
}

interface Secured {
  headers: Record<string, string>;
  tls: Record<string, unknown>;
}

/** Longer than any request waits, which then says what it hung in: this only ends what nobody waits for any more. */
const CONNECT_MS = 15_000;
/** A wait that holds after half a minute reads everything afresh at once; an API server keeps them for 90 s. */
const KEEP_MS = 60_000;
const TLS_FIELDS = ['ca', 'cert', 'key', 'rejectUnauthorized', 'servername'] as const;

export function openTransport(config: KubeConfig): Transport {
  const opening = new Set<{ phase: Phase }>();
  let kept: { key: string; dispatcher: Dispatcher } | undefined;

  /** New credentials need new connections: a client certificate belongs to the connection. */
  function dispatcherFor(tls: Secured['tls']): Dispatcher {
    const key = Object.values(tls).join();
    if (kept?.key === key) return kept.dispatcher;
    kept?.dispatcher.close().catch(() => undefined);
    kept = { key, dispatcher: new Agent({ connect: connector(tls, opening), keepAliveTimeout: KEEP_MS }) };
    return kept.dispatcher;
  }

  async function exchange(sent: Sent, signal: AbortSignal, progress: { phase: Phase }): Promise<Received> {
    progress.phase = 'credential';
    const proxied = config.getCurrentCluster()?.proxyUrl !== undefined;
    const { headers, dispatcher } = await (proxied ? throughProxy(sent) : directly());
    signal.throwIfAborted();
    progress.phase = 'answer';
    try {
      const { method, url, body = null } = sent;
      const asked = { method, body, headers: { ...sent.headers, ...headers }, dispatcher, signal };
      const answer = await orAborted(request(url, asked), signal);
      progress.phase = 'body';
      const after = Number(answer.headers['retry-after'] ?? Number.NaN);
      return {
        status: answer.statusCode,
        text: await answer.body.text(),
        retryAfterMs: Number.isFinite(after) ? after * 1000 : undefined,
      };
    } catch (error) {
      const [attempt] = opening;
      if (progress.phase === 'answer' && attempt !== undefined) progress.phase = attempt.phase;
      throw error;
    }
  }

  async function directly() {
    const { headers, tls } = await secure(config);
    return { headers, dispatcher: dispatcherFor(tls) };
  }

  /** The SDK knows the kinds of proxies; it opens a connection a request. */
  async function throughProxy(sent: Sent) {
    const context = new RequestContext(sent.url, HttpMethod[sent.method]);
    await config.applySecurityAuthentication(context);
    return { headers: context.getHeaders(), dispatcher: context.getDispatcher()! };
  }

  return { exchange };
}

/** undici tells of an abort only once it is connected: until then nothing would end the wait. It then sends nothing. */
function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** What the SDK would send and check, by the kubeconfig. */
async function secure(config: KubeConfig): Promise<Secured> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(options);
  const basic =
    typeof options.auth === 'string'
      ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` }
      : {};
  const given = TLS_FIELDS.filter((field) => options[field] !== undefined);
  return {
    headers: { ...(options.headers as Record<string, string> | undefined), ...basic },
    tls: Object.fromEntries(given.map((field) => [field, options[field]])),
  };
}

/** First the connection, then TLS over it, so that it is known which of the two does not come to be. */
function connector(tls: Secured['tls'], opening: Set<{ phase: Phase }>): buildConnector.connector {
  const kept = { timeout: CONNECT_MS, keepAlive: true, keepAliveInitialDelay: 30_000, allowH2: false };
  const plain = buildConnector(kept);
  const secured = buildConnector({ ...kept, ...tls });
  return (options, callback) => {
    const attempt: { phase: Phase } = { phase: 'connection' };
    opening.add(attempt);
    const done: buildConnector.Callback = (...outcome) => {
      opening.delete(attempt);
      callback(...outcome);
    };
    if (options.protocol !== 'https:') return plain(options, done);
    const port = options.port || '443';
    plain({ ...options, protocol: 'http:', port, servername: '' }, (error, socket) => {
      if (socket === null) return done(error, null);
      attempt.phase = 'handshake';
      try {
        secured({ ...options, httpSocket: socket }, done);
      } catch (unusable) {
        // A certificate or key that is none: thrown here, outside of any request.
        socket.destroy();
        done(unusable as Error, null);
      }
    });
  };
}
