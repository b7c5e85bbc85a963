/** A proxy before an API server that writes down what was asked of it, in the words of RBAC, and passes it on. */
import { createServer, type IncomingMessage, request as plain, type ServerResponse } from 'node:http';
import { request as secure } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Endpoint } from '../../activities/ports/plane.ts';
import type { Permission } from '../../dsl/kind.ts';
import { parsePath, verbOf } from '../../lab/kubernetes/request.ts';

/** One request that the authorizer judged. */
export interface Asked {
  plane: string;
  verb: string;
  group: string;
  /** With its subresource. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  status: number;
}

export interface Recorder {
  url: string;
  close(): Promise<void>;
}

export async function startRecorder(
  plane: string,
  endpoint: Endpoint,
  saw: (asked: Asked) => void,
): Promise<Recorder> {
  const target = new URL(endpoint.server);
  const authority = endpoint.certificateAuthority && Buffer.from(endpoint.certificateAuthority, 'base64');
  const server = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    const options = { method, headers: { ...headers, host: target.host }, path: url };
    const onward = (target.protocol === 'https:' ? secure : plain)(
      target,
      { ...options, ...(authority && { ca: authority }) },
      (reply) => {
        for (const one of judged(plane, asked, reply.statusCode ?? 0)) saw(one);
        pass(reply, answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(reply: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(reply.statusCode ?? 502, reply.headers);
  // A watch says that it is open before anything happens.
  answer.flushHeaders();
  reply.pipe(answer);
}

/** Discovery and health name no resource; what everybody may ask of himself is nobody's role. */
function judged(plane: string, { method = 'GET', url = '/' }: IncomingMessage, status: number): Asked[] {
  const { pathname, searchParams } = new URL(url, 'http://recorder');
  const target = parsePath(pathname);
  const verb = target && verbOf(method, target, searchParams);
  if (!target || !verb || target.plural.startsWith('selfsubject')) return [];
  const { group, plural, subresource, namespace, name } = target;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const asked = { plane, verb, group, resource, namespace, name, status };
  return [asked, ...impliedBy(asked)];
}

/** What the server judges besides the request itself: an apply that creates, and rights that are handed on. */
function impliedBy(asked: Asked): Asked[] {
  const { verb, resource, group, status } = asked;
  if (verb === 'patch' && status === 201) return [{ ...asked, verb: 'create' }];
  if (group !== 'rbac.authorization.k8s.io' || verb !== 'create' || status !== 201) return [];
  return [{ ...asked, resource: 'clusterroles', verb: resource === 'clusterroles' ? 'escalate' : 'bind' }];
}

/** A binding does not tell in its path which role it binds: any name will do there. */
export const isFor = (asked: Asked, permission: Permission, verb: string): boolean =>
  asked.plane === permission.plane &&
  asked.group === permission.group &&
  asked.resource === permission.resource &&
  asked.verb === verb &&
  (permission.namespace === undefined || permission.namespace === asked.namespace) &&
  (permission.names === undefined || verb === 'bind' || permission.names.includes(asked.name ?? ''));
