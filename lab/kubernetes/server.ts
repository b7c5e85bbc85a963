/** The HTTP front of one API server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import type { Attributes } from './authorization.ts';
import { FAILED, failing } from './failing.ts';
import { listen, shut } from './listen.ts';
import { checkWatchOptions } from './options.ts';
import type { Plane } from './plane.ts';
import { typesOf } from './plane.ts';
import { filterOf } from './read.ts';
import { type ApiRequest, parsePath, type Target, type Verb, verbOf } from './request.ts';
import {
  answer,
  answerPath,
  answerReview,
  authorize,
  checkMethod,
  PageNotFound,
  reviewKind,
  unknownPath,
} from './routes.ts';
import { type StaleView, staleView } from './stale.ts';
import { badRequest, StatusError } from './status-error.ts';
import { ANONYMOUS, type User } from './tokens.ts';
import { watch } from './watch.ts';

const LARGEST_BODY = 3 * 1024 * 1024;

export interface ApiServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one, which is kept when the API comes back after `api-gone`. */
export async function startApiServer(plane: Plane, port = 0): Promise<ApiServer> {
  const view = staleView(plane);
  const server = createServer((request, response) => void serve(plane, view.of, request, response));
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  const bound = (server.address() as AddressInfo).port;
  let closed = false;
  const wanted = () => !closed && plane.faults.matching('api-gone', plane.store.name) === undefined;
  let turning = Promise.resolve();
  /** One after the other, however fast the fault comes and goes. */
  function openOrClose(): Promise<void> {
    turning = turning.then(async () => {
      if (!wanted() && server.listening) shut(server);
      else if (wanted() && !server.listening) await listen(server, bound);
    });
    return turning;
  }
  void openOrClose();
  const ignore = plane.faults.onChange(() => void openOrClose());

  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    async close() {
      ignore();
      view.close();
      closed = true;
      await openOrClose();
    },
  };
}

/** A request is read and done, then answered: a fault may come before, or between. */
async function serve(
  plane: Plane,
  view: StaleView['of'],
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = askedOf(message);
  const failure = failing(plane, asked?.verb ?? 'get');
  let answer: () => void;
  try {
    if ((await failure.before(message, response)) === FAILED) return;
    if (asked === undefined) throw badRequest(`the path ${message.url} cannot be read`);
    answer = await perform(plane, view, asked, message, response);
  } catch (error) {
    answer = () => refuse(response, error);
  }
  if (failure.after(response) !== FAILED) answer();
}

interface Asked {
  path: string;
  query: URLSearchParams;
  target: Target | undefined;
  verb: Verb | undefined;
}

function askedOf({ url = '/', method = 'GET' }: IncomingMessage): Asked | undefined {
  try {
    const { pathname: path, searchParams: query } = new URL(url, 'http://lab');
    const target = parsePath(path);
    return { path, query, target, verb: target && verbOf(method, target, query) };
  } catch {
    return undefined;
  }
}

/** Does what is asked; returns how to answer. */
async function perform(
  plane: Plane,
  view: StaleView['of'],
  { path, query, target, verb }: Asked,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<() => void> {
  const user = authenticate(plane, message);
  if (target === undefined || verb === undefined) {
    const answered = answerPath(plane, path, user);
    return () => reply(response, answered);
  }
  const contentType = (message.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  checkMediaType(verb, contentType);
  const body = await bodyOf(message, contentType);
  const reviewed = reviewKind(target);
  if (reviewed !== undefined) {
    const answered = answerReview(plane, reviewed, target, body, user);
    return () => reply(response, answered);
  }
  authorize(plane, user, attributesOf(verb, target, query));
  const type = typeFor(plane, target);
  checkMethod(type, verb, target);
  const agent = message.headers['user-agent']?.split('/')[0] ?? 'unknown';
  const request: ApiRequest = { verb, target, contentType, body, user, query, type, agent };
  if (verb === 'watch') {
    const matches = filterOf(request);
    checkWatchOptions(query);
    return () => watch(plane, request, response, matches, view);
  }
  const answered = answer(plane, request);
  const reads = verb === 'get' || verb === 'list';
  return () => reply(response, reads ? { ...answered, body: view(answered.body) } : answered);
}

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Patches have types of their own, which are looked at with the patch. */
function checkMediaType(verb: Verb, contentType: string): void {
  if (verb === 'patch' || contentType === '' || mediaTypes.includes(contentType)) return;
  const accepted = `accepted media types include: ${mediaTypes.join(', ')}`;
  const message = `the body of the request was in an unknown format - ${accepted}`;
  throw new StatusError(415, 'UnsupportedMediaType', message);
}

function typeFor(plane: Plane, { group, version, plural }: Target) {
  const inGroup = typesOf(plane).filter((each) => each.group === group);
  const type = inGroup.find((each) => each.version === version && each.plural === plural);
  if (type !== undefined) return type;
  throw inGroup.length > 0 ? unknownPath() : new PageNotFound();
}

/** A list of one name is one object to a role that names it; a namespace is in itself. */
function attributesOf(verb: Verb, target: Target, query: URLSearchParams): Attributes {
  const named = /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1];
  const name = target.name ?? (verb === 'list' || verb === 'watch' ? named : undefined);
  const itself = target.group === '' && target.plural === 'namespaces' ? target.name : undefined;
  return { verb, ...target, name, namespace: target.namespace ?? itself };
}

function authenticate({ tokens }: Plane, { headers }: IncomingMessage): User {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (bearer === undefined) return ANONYMOUS;
  const user = tokens.user(bearer);
  if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

async function bodyOf(message: IncomingMessage, contentType: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY)
      throw new StatusError(
        413,
        'RequestEntityTooLarge',
        `Request entity too large: limit is ${LARGEST_BODY}`,
      );
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return contentType.endsWith('yaml') ? parse(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body of the request cannot be read: ${(error as Error).message}`);
  }
}

function reply(response: ServerResponse, answered: { code: number; body: object } | string): void {
  if (typeof answered === 'string') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(answered);
    return;
  }
  response.writeHead(answered.code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answered.body));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof PageNotFound) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    return;
  }
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(500, 'InternalError', `Internal error occurred: ${String(error)}`);
  const wait = status.body.details?.retryAfterSeconds;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status.body.code, {
    'content-type': 'application/json',
    ...(wait !== undefined && { 'retry-after': String(wait) }),
  });
  response.end(JSON.stringify(status.body));
}
