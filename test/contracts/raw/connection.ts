/** A plain HTTP client of one API server: no SDK, so that nothing between the wire and the case smooths anything. */
import { type Dispatcher, request } from 'undici';

export interface Connection {
  /** `https://127.0.0.1:6443` */
  url: string;
  /** Brings the administrator's certificate along, where it has one. */
  administrator: { dispatcher: Dispatcher; headers: Record<string, string> };
  /** Trusts the same server and brings no credential along. */
  nobody: Dispatcher;
}

/** Nobody at all, the administrator, or whoever has the bearer token. */
export type Caller = 'nobody' | 'administrator' | { token: string };

export interface Message {
  method: string;
  /** With its query, encoded. */
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  caller: Caller;
  signal?: AbortSignal;
}

export function send(connection: Connection, message: Message): Promise<Dispatcher.ResponseData> {
  const { caller, method, path, headers, body = null, signal = null } = message;
  const { administrator, nobody } = connection;
  const bearer = typeof caller === 'string' ? {} : { authorization: `Bearer ${caller.token}` };
  const own = caller === 'administrator' ? administrator.headers : bearer;
  return request(`${connection.url}${path}`, {
    method: method as Dispatcher.HttpMethod,
    headers: { accept: 'application/json', ...headers, ...own } as Record<string, string>,
    body,
    signal,
    dispatcher: caller === 'administrator' ? administrator.dispatcher : nobody,
  });
}
