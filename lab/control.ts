/**
 * The lab's control API: faults, settings and state, as JSON. Errors are `{message}`.
 *
 *     GET    /faults            the active ones
 *     POST   /faults            {kind, target, options?} → {id}
 *     DELETE /faults/ID
 *     GET    /state             nodes, replicas and pods by cluster
 *     GET    /objects           every object of clusters, federation and Front Doors, comparable with another moment's
 *     GET    /settings, PATCH /settings
 *     GET    /log/MEMBER        what the member's entry point got, per second
 *     GET    /pops              what each point of presence thinks of each origin
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { comparable } from './comparison.ts';
import { faultKinds } from './faults.ts';
import { overview } from './overview.ts';
import type { World } from './world.ts';

export interface ControlSources {
  world: World;
  /** Settings by part, each changed in place: `world` takes them itself. */
  karmada: object;
  log(member: string): unknown;
  pops(): unknown;
  /** What the Front Doors are configured to, by resource. */
  frontDoor(): Record<string, unknown>;
  /** Told of changed settings, so that they are kept. */
  configured(): void;
}

class Refused extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Route = (sources: ControlSources, argument: string, body: Record<string, unknown>) => unknown;

const routes: Record<string, Route> = {
  'GET /faults': ({ world }) => world.faults.active(),
  'POST /faults': ({ world }, _argument, body) => {
    const { kind, target, options = {} } = body as { kind: string; target: string; options?: object };
    if (typeof kind !== 'string' || typeof target !== 'string')
      throw new Refused(
        400,
        `a fault is {"kind", "target", "options"?}; kinds: ${Object.keys(faultKinds).join(', ')}`,
      );
    return { id: world.faults.add({ kind, target, options: options as Record<string, unknown> }) };
  },
  'DELETE /faults': ({ world }, id) => {
    if (!world.faults.remove(id)) throw new Refused(404, `there is no fault ${id}`);
    return {};
  },
  'GET /state': ({ world }) => overview(world),
  'GET /objects': ({ world, frontDoor }) => ({ ...comparable(world), 'front-door': frontDoor() }),
  'GET /settings': ({ world, karmada }) => ({ ...world.settings, karmada }),
  'PATCH /settings': ({ world, karmada, configured }, _argument, { karmada: changes, ...rest }) => {
    world.configure(rest);
    Object.assign(karmada, changes);
    configured();
    return { ...world.settings, karmada };
  },
  'GET /log': ({ log }, member) => log(member),
  'GET /pops': ({ pops }) => pops(),
};

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function answer(sources: ControlSources, request: IncomingMessage): Promise<unknown> {
  const [, part = '', argument = ''] = new URL(request.url ?? '/', 'http://lab').pathname.split('/');
  const route = routes[`${request.method} /${part}`];
  if (route === undefined)
    throw new Refused(404, `no such path; there are: ${Object.keys(routes).join(', ')}`);
  return route(sources, decodeURIComponent(argument), await jsonOf(request));
}

/** What the caller got wrong: a fault that does not exist, a body that is no JSON. */
function codeOf(error: unknown): number {
  if (error instanceof Refused) return error.code;
  return error instanceof RangeError || error instanceof SyntaxError ? 400 : 500;
}

export function createControl(sources: ControlSources): Server {
  return createServer((request, response) => {
    answer(sources, request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error) =>
        response
          .writeHead(codeOf(error), { 'content-type': 'application/json' })
          .end(JSON.stringify({ message: error instanceof Error ? error.message : String(error) })),
    );
  });
}
