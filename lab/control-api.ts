/**
 * The lab's control API: faults, settings and state, as JSON. Errors are `{message}`. Sandbox and rig answer it
 * alike.
 *
 *     GET    /faults            the active ones
 *     POST   /faults            {kind, target, options?, by?} → {id}; asked again by the same owner, the same id
 *     DELETE /faults/ID
 *     GET    /state             nodes, replicas and pods by cluster
 *     GET    /objects           every object of clusters, federation and Front Doors, comparable with another moment's
 *     GET    /settings, PATCH /settings
 *     GET    /log/MEMBER        what the member's entry point got, per second
 *     GET    /pops              what each point of presence thinks of each origin
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Fault } from './faults.ts';
import type { ClusterOverview } from './overview.ts';

type Later<T> = T | Promise<T>;

/** What a tier of the lab answers with; a RangeError is the caller's fault. */
export interface Tier {
  /** Names of the faults that it can play. */
  kinds: string[];
  faults(): Fault[];
  /** Resolves with the id when the fault bites. */
  break(fault: Omit<Fault, 'id'>): Later<string>;
  /** Resolves when it is mended; false: there is none of this id. */
  mend(id: string): Later<boolean>;
  state(): Record<string, ClusterOverview>;
  objects(): Later<Record<string, unknown>>;
  settings(): object;
  configure(changes: Record<string, unknown>): Later<void>;
  log(member: string): unknown;
  pops(): unknown;
}

class Refused extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Route = (tier: Tier, argument: string, body: Record<string, unknown>) => unknown;

const routes: Record<string, Route> = {
  'GET /faults': (tier) => tier.faults(),
  async 'POST /faults'(tier, _argument, { kind, target, options = {}, by }) {
    if (typeof kind !== 'string' || typeof target !== 'string')
      throw new Refused(400, `a fault is {"kind", "target", "options"?}; kinds: ${tier.kinds.join(', ')}`);
    const owner = typeof by === 'string' ? { by } : {};
    return { id: await tier.break({ kind, target, options: options as Fault['options'], ...owner }) };
  },
  async 'DELETE /faults'(tier, id) {
    if (!(await tier.mend(id))) throw new Refused(404, `there is no fault ${id}`);
    return {};
  },
  'GET /state': (tier) => tier.state(),
  'GET /objects': (tier) => tier.objects(),
  'GET /settings': (tier) => tier.settings(),
  async 'PATCH /settings'(tier, _argument, changes) {
    await tier.configure(changes);
    return tier.settings();
  },
  'GET /log': (tier, member) => tier.log(member),
  'GET /pops': (tier) => tier.pops(),
};

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function answer(tier: Tier, request: IncomingMessage): Promise<unknown> {
  const [, part = '', argument = ''] = new URL(request.url ?? '/', 'http://lab').pathname.split('/');
  const route = routes[`${request.method} /${part}`];
  if (route === undefined)
    throw new Refused(404, `no such path; there are: ${Object.keys(routes).join(', ')}`);
  return route(tier, decodeURIComponent(argument), await jsonOf(request));
}

/** What the caller got wrong: a fault that does not exist, a body that is no JSON. */
function codeOf(error: unknown): number {
  if (error instanceof Refused) return error.code;
  return error instanceof RangeError || error instanceof SyntaxError ? 400 : 500;
}

export function serveControl(tier: Tier): Server {
  return createServer((request, response) => {
    answer(tier, request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error) =>
        response
          .writeHead(codeOf(error), { 'content-type': 'application/json' })
          .end(JSON.stringify({ message: error instanceof Error ? error.message : String(error) })),
    );
  });
}
