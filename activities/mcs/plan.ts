/** One sharing as a step's snapshot keeps it: what it is, its objects, and how these were before. */
import type { StepContext } from '../kind.ts';
import { type Before, refOf, snapshotObjects } from '../kubernetes/applying.ts';
import type { KubeObject } from '../ports/plane.ts';
import { apiPolicy, exporting, importing, type ServicePort, type Sharing } from './sharing.ts';

/** A type, so that it is JSON to the compiler. */
export type Planned = {
  sharing: Sharing;
  parts: { apis: Part; exports: Part; imports: Part };
};

export type Part = { objects: KubeObject[]; before: Before };

export async function planOf(sharing: Sharing, ports: ServicePort[], context: StepContext): Promise<Planned> {
  const part = async (objects: KubeObject[]): Promise<Part> => ({
    objects,
    before: await snapshotObjects(context.ports.federation(), objects, context.signal),
  });
  const [apis, exports, imports] = await Promise.all([
    part(apiPolicy(sharing)),
    part(exporting(sharing)),
    part(importing(sharing, ports)),
  ]);
  return { sharing, parts: { apis, exports, imports } };
}

/** As if there had been nothing: then all of it goes. */
export const asOurs = ({ objects }: Part): Part => ({
  objects,
  before: objects.map((object) => ({ ref: refOf(object), before: null })),
});

/** Whether there is any of it, and nobody had it before. */
export const isOurs = ({ before }: Part): boolean =>
  before.length > 0 && before.every((one) => one.before === null);
