import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { InputProblem, Permission } from '../../dsl/kind.ts';
import type { Json } from '../../dsl/plan.ts';
import { deviated, unjudged } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import { cluster, namespace, unknownMembers } from '../kubernetes/inputs.ts';
import { destination } from '../traffic/input.ts';
import { classify, patterns } from './classify.ts';
import { service } from './inputs.ts';
import { derivedName } from './sharing.ts';
import { endpointsBehind, readSlices } from './slices.ts';
import { dnsStage, picture, type Stages, servedBy, serviceStage, stages } from './stages.ts';

const input = z.strictObject({
  service,
  namespace,
  from: cluster.meta({ description: 'The member to look from' }),
  name: z
    .string()
    .regex(/^[a-z0-9.-]+\.svc\.(cluster|clusterset)\.local$/, {
      message: 'NAME.NAMESPACE.svc.clusterset.local',
    })
    .optional()
    .meta({ description: 'What to ask for; default: SERVICE.NAMESPACE.svc.clusterset.local' }),
  port: z.number().int().min(1).max(65_535).default(80),
  path: destination.path,
  requests: z.number().int().min(10).max(1000).default(200),
  timeout: duration.default('5s').meta({ description: 'Of one look-up, and of one request' }),
  expect: z.enum(patterns).optional().meta({ description: 'Fail when requests spread in another way' }),
});
type Input = z.infer<typeof input>;

export const verify = defineKind<Input, Stages>({
  name: 'mcs/verify',
  version: 1,
  summary: 'See from inside a member what a shared name leads to',
  doc: `Resolves the name and sends a request on a new connection to what it got, \`requests\` times over, and shows what each
stage did: DNS (one address or several, in turn or not), and the Service behind the address (shares by cluster and pod).
How they spread is named \`flat\` (every pod alike), \`per-cluster\` (every cluster alike) or \`local-first\`, beside the
picture of DNS in turn over one address a cluster. Looks by the member's \`inside\` of the fleet file, else by a short Job
of \`mcs.image\` that is removed afterwards. Fails when the name does not resolve, when nobody answers, or when the spread
is not the one of \`expect\`; a Karmada ServiceImport has one virtual address without locality: expect \`flat\`.`,
  example: { service: 'hello', from: 'k3s', requests: 200, expect: 'flat' },
  input,
  output: stages,
  effect: 'reads',
  timeoutMs: 300_000,
  permissions: rights,
  check: (given, fleet) => [...unknownMembers({ from: given.from }, fleet), ...withoutWayIn(given, fleet)],
  look,
});

function rights(given: Input, fleet: Fleet): Permission[] {
  const at = { plane: given.from, namespace: given.namespace };
  const slices = { ...at, group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'] };
  if (fleet.members[given.from]?.inside) return [slices];
  return [
    slices,
    { ...at, group: 'batch', resource: 'jobs', verbs: ['get', 'create', 'delete'] },
    { ...at, group: '', resource: 'pods', verbs: ['list'] },
    { ...at, group: '', resource: 'pods/log', verbs: ['get'] },
  ];
}

function withoutWayIn(given: Input, fleet: Fleet): InputProblem[] {
  const member = fleet.members[given.from];
  if (member === undefined || member.inside || fleet.mcs) return [];
  return [
    {
      code: 'FD3606',
      path: ['from'],
      found: `${given.from}, which the fleet file gives no client inside`,
      expected: '`mcs: { image: … }` for the fleet, or `inside` for the member',
      remedy: 'Set `mcs: { image: "node:24-alpine" }` in the fleet file',
    },
  ];
}

async function look(given: Input, context: StepContext): Promise<Stages> {
  const name = given.name ?? `${given.service}.${given.namespace}.svc.clusterset.local`;
  const inside = context.ports.inside(given.from);
  const question = {
    name,
    port: given.port,
    path: given.path,
    requests: given.requests,
    timeoutMs: milliseconds(given.timeout),
  };
  context.heartbeat({ asking: name, by: inside.by });
  const { run, step } = context;
  const visits = await inside.visit(
    question,
    { namespace: given.namespace, marker: { run, step } },
    context.signal,
  );
  const slices = await readSlices(context.ports.member(given.from), given.namespace, context.signal);
  const members = Object.keys(context.fleet.members);
  const endpoints = endpointsBehind(slices, serviceBehind(name), given.from, members);
  const dns = dnsStage(visits);
  const asked = serviceStage(visits, endpoints);
  const classified = classify(servedBy(visits), endpoints, given.from);
  const output: Stages = {
    name,
    from: given.from,
    dns,
    service: asked,
    pattern: classified.pattern,
    why: classified.why,
    text: picture(dns, asked, classified),
  };
  judge(given, output, visits[0]?.error);
  return output;
}

/** The Service whose slices stand behind a name. */
function serviceBehind(name: string): string {
  const [first = ''] = name.split('.');
  return name.endsWith('.clusterset.local') ? derivedName(first) : first;
}

function judge(given: Input, output: Stages, error = ''): void {
  const details = { where: given.from, evidence: output as unknown as Json };
  const { dns, service: asked, pattern } = output;
  if (dns.failed === dns.asked)
    throw deviated({
      ...details,
      code: 'FD3609',
      what: `${output.name} does not resolve there (${error})`,
      remedy: `Share it by mcs/export; a cluster whose DNS knows no clusterset.local resolves name: ${derivedName(given.service)}.${given.namespace}.svc.cluster.local`,
    });
  if (asked.failed === asked.asked)
    throw deviated({
      ...details,
      code: 'FD3610',
      what: `${output.name} resolves to ${dns.addresses.join(', ')}, and no request was answered: ${Object.keys(asked.errors).join(', ')}`,
      remedy: `kubectl --context ${given.from} -n ${given.namespace} get endpointslices; pods of other clusters need a network between the clusters`,
    });
  if (given.expect === undefined || pattern === given.expect) return;
  const what = `expected ${given.expect}, and it is ${pattern}: ${output.why}`;
  if (pattern === 'undecided' || Object.keys(asked.clusters).length === 0)
    throw unjudged({
      ...details,
      code: 'FD3612',
      what,
      remedy:
        'Send more requests; set `identity` in the fleet file; clusters with the same number of pods each cannot be told apart',
    });
  throw deviated({
    ...details,
    code: 'FD3611',
    what,
    remedy:
      'Compare `service.clusters` with `service.endpoints`; see trafficDistribution and internalTrafficPolicy of the Service',
  });
}
