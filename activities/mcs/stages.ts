/** What each stage did with the same requests: the name to an address, the address to a pod. Pure. */
import { z } from 'zod';
import type { Visit } from '../ports/inside.ts';
import type { Classified, Counts } from './classify.ts';

export const stages = z.object({
  name: z.string(),
  from: z.string(),
  dns: z.object({
    asked: z.number(),
    failed: z.number(),
    addresses: z.array(z.string()).meta({ description: 'All that were ever answered' }),
    chose: z.enum(['one-address', 'rotating', 'fixed-order']).meta({
      description: 'Whether the first stage chooses anything: with one address it does not',
    }),
    first: z.record(z.string(), z.number()).meta({ description: 'Address → how often it came first' }),
  }),
  service: z.object({
    asked: z.number(),
    failed: z.number(),
    errors: z.record(z.string(), z.number()),
    clusters: z.record(z.string(), z.number()).meta({ description: 'Requests by the member that served' }),
    pods: z.record(z.string(), z.number()).meta({ description: '`member/pod` → requests' }),
    endpoints: z
      .record(z.string(), z.number())
      .meta({ description: 'Ready ones behind the name, by member' }),
  }),
  pattern: z.enum(['flat', 'local-first', 'per-cluster', 'undecided', 'other']),
  why: z.string(),
  text: z.array(z.string()).meta({ description: 'The expected picture, and the measured one' }),
});
export type Stages = z.infer<typeof stages>;

export function dnsStage(visits: Visit[]): Stages['dns'] {
  const answers = visits.filter(({ addresses }) => addresses.length > 0).map(({ addresses }) => addresses);
  const all = [...new Set(answers.flat())].sort();
  const first = counted(answers.map(([address]) => address!));
  const chose = all.length <= 1 ? 'one-address' : Object.keys(first).length > 1 ? 'rotating' : 'fixed-order';
  return { asked: visits.length, failed: visits.length - answers.length, addresses: all, chose, first };
}

const isServed = ({ status, error }: Visit): boolean =>
  error === undefined && status !== undefined && status < 400;

export function serviceStage(visits: Visit[], endpoints: Counts): Stages['service'] {
  const asked = visits.filter(({ addresses }) => addresses.length > 0);
  const failed = asked.filter((visit) => !isServed(visit));
  const named = asked.filter((visit) => isServed(visit) && visit.served !== '');
  return {
    asked: asked.length,
    failed: failed.length,
    errors: counted(failed.map(({ error, status }) => error ?? String(status))),
    clusters: counted(named.map(({ served }) => served)),
    pods: counted(named.map(({ served, pod }) => `${served}/${pod}`)),
    endpoints,
  };
}

/** Members that served, in the order of the requests. */
export const servedBy = (visits: Visit[]): string[] =>
  visits.filter((visit) => isServed(visit) && visit.served !== '').map(({ served }) => served);

/** Two lines: what the scenario's drawing says would happen, and what did. */
export function picture(
  dns: Stages['dns'],
  service: Stages['service'],
  { pattern, why }: Pick<Classified, 'pattern' | 'why'>,
): string[] {
  const clusters = Object.keys(service.endpoints);
  const pods = Object.values(service.endpoints).reduce((sum, count) => sum + count, 0);
  const choice = {
    'one-address': 'chooses nothing',
    rotating: 'takes turns',
    'fixed-order': 'always puts the same first',
  }[dns.chose];
  const total = Object.values(service.clusters).reduce((sum, count) => sum + count, 0);
  const shares = Object.entries(service.clusters)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${Math.round((100 * count) / total)} %`);
  return [
    `picture:  DNS, ${clusters.length} addresses in turn, one a cluster → Service, the pods of that cluster in turn`,
    `measured: DNS, ${dns.addresses.length === 1 ? `one address (${dns.addresses[0]})` : `${dns.addresses.length} addresses`}, ${choice} → Service, ${total} requests over ${Object.keys(service.pods).length} of ${pods} pods: ${pattern} (${why}): ${shares.join(', ')}`,
  ];
}

function counted(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
