import { z } from 'zod';
import { refused } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import { compareObjects, snapshotObjects } from '../kubernetes/applying.ts';
import { namespace, withoutFederation } from '../kubernetes/inputs.ts';
import { ownedOf } from '../kubernetes/owned.ts';
import type { KubeObject, ObjectRef } from '../ports/plane.ts';
import { by, service } from './inputs.ts';
import { sharingPermissions } from './permissions.ts';
import { asOurs, type Part, type Planned } from './plan.ts';
import { provide } from './provide.ts';
import { apiPolicy, exporting, importing } from './sharing.ts';
import { withdraw } from './withdraw.ts';

const input = z.strictObject({ service, namespace, by });
type Input = z.infer<typeof input>;

const output = z.object({
  removed: z.array(z.string()).meta({ description: 'Objects of the federation' }),
  left: z.array(z.string()).meta({ description: 'What stayed, and why' }),
});

export const unexport = defineKind<Input, z.infer<typeof output>, Planned>({
  name: 'mcs/unexport',
  version: 1,
  summary: 'Take a shared Service back',
  doc: 'Removes what `mcs/export` made for the Service, whichever run did: export, import and their policies, each after the members are seen to have forgotten it, and the CRDs when nobody else shares a Service by them. What others applied stays. When the run fails, the Service is shared again as it was.',
  example: { service: 'hello' },
  input,
  output,
  effect: 'provides',
  undoPhase: 'placement',
  timeoutMs: 180_000,
  permissions: (given, fleet) => sharingPermissions({ ...given, members: Object.keys(fleet.members) }),
  check: (_given, fleet) => withoutFederation(fleet),

  async snapshot(given, context) {
    const planned = await found(given, context);
    if (planned.parts.exports.objects.length + planned.parts.imports.objects.length > 0) return planned;
    throw refused({
      code: 'FD3613',
      where: 'federation',
      what: `nothing that Firedrill applied shares ${given.namespace}/${given.service}`,
      remedy: 'Share it by mcs/export first, or take it back the way it was shared',
    });
  },

  async act(_given, { sharing, parts }, context) {
    const { apis, exports, imports } = parts;
    const ours = { apis: asOurs(apis), exports: asOurs(exports), imports: asOurs(imports) };
    const undone = await withdraw({ sharing, parts: ours }, context);
    if (!undone.done) return { done: false, progress: undone.progress };
    const removed = [exports, imports, apis].flatMap(({ objects }) => objects).map(textOf);
    const left = undone.restored === 'partly' ? undone.left : [];
    const stayed = left.map(({ what, reason }) => `${what}: ${reason}`);
    return {
      done: true,
      output: { removed: removed.filter((one) => !stayed.some((each) => each.includes(one))), left: stayed },
    };
  },

  async undo(_given, planned, context, progress) {
    const acted = await provide(planned, context, progress);
    return acted.done ? { done: true, restored: 'fully' } : { done: false, progress: acted.progress };
  },

  async compare(_given, { parts }, context) {
    const compared = Object.values(parts).map(({ objects, before }) =>
      compareObjects(context.ports.federation(), objects, before, context),
    );
    return (await Promise.all(compared)).flat();
  },
});

const textOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`;

/** What an export of ours looks like, as it is there; members by the policies that are there. */
async function found(given: Input, context: StepContext): Promise<Planned> {
  const shape = { ...given, from: ['any'], to: ['any'], apis: ['any'] };
  const [apis, exports, imports] = await Promise.all([
    owned(given.by === 'service-import' ? apiPolicy(shape) : [], context),
    owned(exporting(shape), context),
    owned(importing(shape, []), context),
  ]);
  const shared = exports.objects.find(({ kind }) => kind === 'MultiClusterService')?.['spec'];
  const sharing = {
    ...given,
    from: shared ? named(shared.providerClusters) : placed(exports.objects),
    to: shared ? named(shared.consumerClusters) : placed(imports.objects),
    apis: placed(apis.objects),
  };
  return { sharing, parts: { apis, exports, imports } };
}

const named = (clusters: { name: string }[]): string[] => clusters.map(({ name }) => name);

const placed = (objects: KubeObject[]): string[] =>
  objects.flatMap((object) => object['spec']?.placement?.clusterAffinity?.clusterNames ?? []);

/** Of these objects, those that are there by our own hand, as we applied them. */
async function owned(objects: KubeObject[], context: StepContext): Promise<Part> {
  const federation = context.ports.federation();
  const read = objects.map(async ({ apiVersion, kind, metadata: { namespace: space, name } }) => {
    const ref: ObjectRef = { apiVersion, kind, name, ...(space !== undefined && { namespace: space }) };
    const object = await federation.read(ref, context.signal);
    return (object && ownedOf(object)) ?? [];
  });
  const ours = (await Promise.all(read)).flat();
  return { objects: ours, before: await snapshotObjects(federation, ours, context.signal) };
}
