/** A real HTTP server as the fleet's load balancer and as its entry points, and the context of a step on it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StepContext } from '../../activities/kind.ts';
import type { Backend } from '../../activities/ports/load-balancer.ts';
import { firstIndex, parseRate } from '../../activities/traffic/schedule.ts';
import { createLoadClient } from '../../adapters/http/load.ts';
import { createRequester } from '../../adapters/http/requester.ts';
import { type Fleet, fleet as fleetSchema } from '../../dsl/fleet.ts';
import type { Json } from '../../dsl/plan.ts';
import type { SliceResult } from '../../dsl/window.ts';

export const HOST = 'hello.example.com';

export interface Site {
  url: string;
  server: Server;
  close(): Promise<void>;
}

export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Site> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Marks an answer as the ingress and the pod of a member would. */
export function mark(response: ServerResponse, member: string, pod = `${member}-pod`): ServerResponse {
  response.setHeader('x-routed-cluster', member);
  response.setHeader('x-cluster', member);
  response.setHeader('x-pod', pod);
  response.setHeader('x-node', `${member}-node`);
  return response;
}

export function fleetAt(frontDoor: string, entries: Record<string, string> = {}): Fleet {
  const members = { aks1: frontDoor, aks2: frontDoor, k3s: frontDoor, ...entries };
  return {
    ...fleetSchema.parse({
      name: 'test',
      tier: 'sandbox',
      production: false,
      members: Object.fromEntries(
        Object.entries(members).map(([name, url]) => [name, { entry: { url, host: HOST } }]),
      ),
      loadBalancer: {
        kind: 'front-door-classic',
        subscription: 's',
        resourceGroup: 'g',
        frontDoor: 'fd',
        backendPool: 'p',
        backends: {},
        client: { url: frontDoor, host: HOST },
      },
      identity: {
        routed: { header: 'X-Routed-Cluster' },
        served: { header: 'X-Cluster' },
        pod: { header: 'X-Pod' },
        node: { header: 'X-Node' },
      },
      allowHosts: [HOST],
    }),
    file: '/fleets/test.yaml',
  };
}

export const evenBackends: Backend[] = ['aks1', 'aks2', 'k3s'].map((member) => ({
  member,
  name: member,
  address: '127.0.0.1',
  hostHeader: HOST,
  enabled: true,
  weight: 50,
  priority: 1,
}));

export function contextOn(
  fleet: Fleet,
  options: { signal?: AbortSignal; previous?: Json; backends?: Backend[]; beats?: Json[] } = {},
): StepContext {
  const signal = options.signal ?? new AbortController().signal;
  const target = (entry: { url: unknown; host: string }) => ({ url: String(entry.url), host: entry.host });
  return {
    fleet,
    ports: {
      member: (name: string) => ({ name, entry: () => target(fleet.members[name]!.entry) }),
      loadBalancer: () => ({
        target: () => target(fleet.loadBalancer!.client),
        describe: async () => ({ backends: options.backends ?? evenBackends }),
      }),
      requester: createRequester(fleet),
      load: createLoadClient(fleet),
    } as unknown as StepContext['ports'],
    run: 'run',
    step: 'steps.users',
    runbook: 'test',
    victim: 'aks1',
    signal,
    deadlineMs: Date.now() + 60_000,
    heartbeat: (progress) => options.beats?.push(progress),
    previous: options.previous,
    beginFault: () => {},
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        setTimeout(resolve, ms);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
}

/** Requests that a slice counts neither way. */
export function unknownOf({ unknown }: SliceResult, rate: string): number {
  const index = (ms: number) => firstIndex(parseRate(rate), ms);
  return unknown.reduce((sum, gap) => sum + index(gap.untilMs) - index(gap.fromMs), 0);
}

/** Counts of a slice by class. */
export function classesOf(seconds: { rows: { class: string; count: number }[] }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of seconds.flatMap((second) => second.rows))
    counts[row.class] = (counts[row.class] ?? 0) + row.count;
  return counts;
}
