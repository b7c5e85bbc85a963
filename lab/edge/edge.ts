/** The members' entry points: where users and the load balancer's probes arrive in each cluster. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Faults } from '../faults.ts';
import type { ObjectReader, ObjectStore } from '../store.ts';
import { type IngressWriter, installClasses, keepAddresses, storeWriter } from './classes.ts';
import type { LoggedSecond } from './entry-log.ts';
import { openEntryPoint } from './entry-point.ts';

export interface EdgeOptions {
  /** `<member>.url` is written here. */
  folder: string;
  /** Port by member, from an earlier start. */
  ports?: Record<string, number>;
}

export interface Edge {
  /** Port by member, to be kept for the next start. */
  ports: Record<string, number>;
  /** What the member's entry point got, per second; probes and users apart. Throws a RangeError for no member. */
  log(member: string): LoggedSecond[];
  close(): Promise<void>;
}

/** A cluster in this process, or the copy of a real one with the way to write to it. */
export type EdgeMember = ObjectStore | (ObjectReader & { writer: IngressWriter });

export async function startEdge(
  world: { members: Record<string, EdgeMember>; faults: Faults },
  { folder, ports = {} }: EdgeOptions,
): Promise<Edge> {
  const opened = await Promise.all(
    Object.entries(world.members).map(async ([member, store]) => {
      const writer = 'writer' in store ? store.writer : storeWriter(store);
      installClasses(store, writer);
      const stop = keepAddresses(store, writer);
      const entry = await openEntryPoint(member, store, world.faults, ports[member] ?? 0);
      writeFileSync(join(folder, `${member}.url`), `http://127.0.0.1:${entry.port}/`);
      return { member, stop, entry };
    }),
  );
  return {
    ports: Object.fromEntries(opened.map(({ member, entry }) => [member, entry.port])),
    log(member) {
      const found = opened.find((it) => it.member === member);
      if (!found) throw new RangeError(`there is no member ${member}`);
      return found.entry.log();
    },
    async close() {
      for (const { stop } of opened) stop();
      await Promise.all(opened.map(({ entry }) => entry.close()));
    },
  };
}
