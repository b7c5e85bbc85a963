/** Whether what is shared has arrived where it is to be known, by the members' own word. */
import type { StepContext } from '../kind.ts';
import { derivedName, type Sharing } from './sharing.ts';
import { copiesOf, originOf, ownOf, readSlices, type Slice } from './slices.ts';

export type Arrived = {
  member: string;
  /** The Service that clients there use. */
  service: string;
  /** Its virtual address; '' for a headless one. */
  address: string;
  /** Member → ready endpoints of its own that are known here. */
  endpoints: Record<string, number>;
};

export type Arrival = { arrived: Arrived[]; missing: string[] };

export async function arrivalOf(sharing: Sharing, context: StepContext): Promise<Arrival> {
  const { namespace, service, from, to } = sharing;
  const members = Object.keys(context.fleet.members);
  const read = async (name: string): Promise<[string, Slice[]]> => [
    name,
    await readSlices(context.ports.member(name), namespace, context.signal),
  ];
  const slices = new Map(await Promise.all([...new Set([...from, ...to])].map(read)));
  const parts = await Promise.all(
    to.map(async (member): Promise<Arrival> => {
      const at = sharing.by === 'service-import' ? derivedName(service) : service;
      const ref = { apiVersion: 'v1', kind: 'Service', namespace, name: at };
      const found = await context.ports.member(member).read(ref, context.signal);
      if (found === undefined) return { arrived: [], missing: [`${member} has no Service ${at}`] };
      const copies = copiesOf(slices.get(member) ?? [], sharing);
      const sources = from.map((name) => {
        const wanted = addresses(ownOf(slices.get(name) ?? [], service));
        // Its own Service has its own pods already.
        const own = name === member && sharing.by === 'multi-cluster-service';
        const known = own ? wanted : addresses(copies.filter((copy) => originOf(copy, members) === name));
        return { name, wanted, known };
      });
      const missing = sources
        .filter(
          ({ wanted, known }) => [...wanted].some((one) => !known.has(one)) || known.size !== wanted.size,
        )
        .map(
          ({ name, wanted, known }) =>
            `${member} knows ${known.size} of ${wanted.size} ready endpoints of ${name}`,
        );
      const endpoints = Object.fromEntries(sources.map(({ name, known }) => [name, known.size]));
      const address: string = found['spec']?.clusterIP ?? '';
      return {
        arrived: [{ member, service: at, address: address === 'None' ? '' : address, endpoints }],
        missing,
      };
    }),
  );
  return {
    arrived: parts.flatMap(({ arrived }) => arrived),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

const addresses = (slices: Slice[]): Set<string> => new Set(slices.flatMap(({ ready }) => ready));

/** What is left of it on members that have no other reason for it. */
export async function leftOn(sharing: Sharing, context: StepContext): Promise<string[]> {
  const { namespace, service, by, to } = sharing;
  const left = await Promise.all(
    to.map(async (member) => {
      const plane = context.ports.member(member);
      const copies = copiesOf(await readSlices(plane, namespace, context.signal), sharing);
      const ref = { apiVersion: 'v1', kind: 'Service', namespace, name: derivedName(service) };
      const derived = by === 'service-import' ? await plane.read(ref, context.signal) : undefined;
      return [
        ...(derived ? [`${member} Service ${derivedName(service)}`] : []),
        ...copies.map(({ name }) => `${member} EndpointSlice ${name}`),
      ];
    }),
  );
  return left.flat();
}
