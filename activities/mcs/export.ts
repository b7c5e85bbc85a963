import { z } from 'zod';
import { refused } from '../failure.ts';
import { defineKind, type Finding, type StepContext } from '../kind.ts';
import { compareObjects } from '../kubernetes/applying.ts';
import { namespace, withoutFederation } from '../kubernetes/inputs.ts';
import { lacking } from './apis.ts';
import { flagFindings } from './flag.ts';
import { by, from, membersOf, service, strangers, to } from './inputs.ts';
import { sharingPermissions } from './permissions.ts';
import { type Planned, planOf } from './plan.ts';
import { type Provided, provide, provided } from './provide.ts';
import { portsOf } from './sharing.ts';
import { withdraw } from './withdraw.ts';

const input = z.strictObject({ service, namespace, from, to, by });
type Input = z.infer<typeof input>;

export const exportService = defineKind<Input, Provided, Planned>({
  name: 'mcs/export',
  version: 1,
  summary: 'Share a Service between clusters',
  doc: `\`by: service-import\` brings the multi-cluster CRDs to the members that lack them (a policy of its own, which bears
NoExecute taints: without that a taint takes the CRDs away, and every export with them), waits until Karmada lists the
API for each of them, since what is applied earlier is never placed, then applies ServiceExport and ServiceImport with
their policies. Each importing member gets a Service \`derived-NAME\` with one virtual address, and copies of the
exporting members' EndpointSlices. \`by: multi-cluster-service\` (feature gate MultiClusterService) copies them under the
Service itself, and takes the Service away from members in neither \`from\` nor \`to\`. Done when every importing member knows every ready endpoint. When the run fails, what it made goes
again; CRDs and objects that were there before stay.`,
  example: { service: 'hello', from: ['aks1', 'aks2'], to: ['k3s'] },
  input,
  output: provided,
  effect: 'provides',
  undoPhase: 'placement',
  timeoutMs: 180_000,
  permissions: (given, fleet) =>
    sharingPermissions({
      ...given,
      members: [...new Set([...membersOf(given.from, fleet), ...membersOf(given.to, fleet)])],
    }),
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...strangers({ from: given.from, to: given.to }, fleet),
  ],
  preflight: async (given, context) => [
    ...(given.by === 'multi-cluster-service' ? [...flagFindings(context), ...losers(given, context)] : []),
    ...(await missingService(given, context)),
  ],

  async snapshot(given, context) {
    const found = await readService(given, context);
    if (found === undefined) throw refused({ ...noService(given) });
    const sharing = {
      namespace: given.namespace,
      service: given.service,
      by: given.by,
      from: membersOf(given.from, context.fleet),
      to: membersOf(given.to, context.fleet),
    };
    const members = [...new Set([...sharing.from, ...sharing.to])];
    const apis = given.by === 'service-import' ? await lacking(members, context) : [];
    return planOf({ ...sharing, apis }, portsOf(found), context);
  },

  act: (_given, planned, context, progress) => provide(planned, context, progress),
  undo: (_given, planned, context) => withdraw(planned, context),
  async compare(_given, { parts }, context) {
    const compared = Object.values(parts).map(({ objects, before }) =>
      compareObjects(context.ports.federation(), objects, before, context),
    );
    return (await Promise.all(compared)).flat();
  },
});

function readService(given: Input, { ports, signal }: StepContext) {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: given.namespace, name: given.service };
  return ports.federation().read(ref, signal);
}

const noService = (given: Input) => ({
  code: 'FD3601',
  where: 'federation',
  what: `there is no Service ${given.namespace}/${given.service}`,
  remedy: 'Apply it with a PropagationPolicy first, or correct `service` and `namespace`',
});

/** Karmada then brings the Service to providers and consumers, and to nobody else, whatever its policy says. */
function losers(given: Input, { fleet }: StepContext): Finding[] {
  const named = [...membersOf(given.from, fleet), ...membersOf(given.to, fleet)];
  const others = Object.keys(fleet.members).filter((name) => !named.includes(name));
  if (others.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'FD3607',
      where: others.join(', '),
      what: `the MultiClusterService takes Service ${given.namespace}/${given.service} away from there`,
      remedy: 'Name them in `from` or `to`, or share it by: service-import',
    },
  ];
}

/** An earlier step may bring it: only a warning. */
async function missingService(given: Input, context: StepContext): Promise<Finding[]> {
  const found = await readService(given, context).catch(() => undefined);
  return found === undefined ? [{ severity: 'warning', ...noService(given) }] : [];
}
