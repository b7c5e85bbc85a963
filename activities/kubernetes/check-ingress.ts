import { z } from 'zod';
import { askableMembers } from '../../dsl/askable.ts';
import { deviated } from '../failure.ts';
import { defineKind, type Finding } from '../kind.ts';
import { cluster, unknownMembers } from './inputs.ts';

const input = z.strictObject({
  cluster,
  requests: z.number().int().min(1).max(100).default(3),
});

const output = z.object({
  url: z.string(),
  host: z.string(),
  answers: z.array(
    z.object({
      status: z.number(),
      routed: z.string(),
      served: z.string(),
      pod: z.string(),
      tookMs: z.number(),
    }),
  ),
  afterMs: z.number(),
});

/** The entry point itself is asked all the same. */
const classesUnknown = (member: string): Finding => ({
  severity: 'unknown',
  code: 'FD3103',
  where: member,
  what: 'whether it has an IngressClass is not known: nothing but its karmada-agent reaches its API',
  remedy: 'None needed: the step asks its entry point itself',
});

const REQUEST_MS = 2_000;
const BETWEEN_MS = 250;

export const checkIngress = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'kubernetes/check-ingress',
  version: 1,
  summary: "Ask a member's own entry point with the public host",
  doc: "Sends requests with the public Host header straight to the member's entry point, past the load balancer, until `requests` of them in a row are answered 200 by a pod of that very member. On a pull-mode member only this is looked at, not its IngressClasses. An answer that names another member is a deviation: the entry point is not the member's own.",
  example: { cluster: 'aks1' },
  input,
  output,
  effect: 'reads',
  timeoutMs: 60_000,
  permissions: (given, fleet) =>
    askableMembers(fleet).includes(given.cluster)
      ? [{ plane: given.cluster, group: 'networking.k8s.io', resource: 'ingressclasses', verbs: ['list'] }]
      : [],
  check: (given, fleet) => [
    ...unknownMembers({ cluster: given.cluster }, fleet),
    ...(fleet.identity
      ? []
      : [
          {
            path: [],
            found: `fleet ${fleet.name}, whose answers name no cluster`,
            expected: 'a fleet with `identity`',
            remedy:
              'Say under `identity` in which header or line an answer names who routed and who served it',
          },
        ]),
  ],

  async preflight(given, context) {
    if (!askableMembers(context.fleet).includes(given.cluster)) return [classesUnknown(given.cluster)];
    const classes = await context.ports
      .member(given.cluster)
      .list('networking.k8s.io/v1', 'IngressClass', context.signal);
    const names = classes.map((one) => one.metadata.name);
    const wanted = context.fleet.members[given.cluster]?.ingressClassName;
    if (wanted === undefined ? names.length > 0 : names.includes(wanted)) return [];
    return [
      {
        severity: 'error',
        code: 'FD3103',
        where: given.cluster,
        what: `it has no IngressClass ${wanted ?? 'at all'}${names.length > 0 ? `; it has ${names.join(', ')}` : ''}`,
        remedy: 'Install an ingress controller, or correct ingressClassName in the fleet file',
      },
    ];
  },

  async look(given, context) {
    const target = context.ports.member(given.cluster).entry();
    const startedMs = Date.now();
    let answers: z.infer<typeof output>['answers'] = [];
    let last = 'no answer yet';
    while (answers.length < given.requests) {
      const answer = await context.ports.requester.request(target, {
        timeoutMs: REQUEST_MS,
        signal: context.signal,
      });
      const { status = 0, routed, served, pod, tookMs } = answer;
      if (status === 200 && routed === given.cluster && served === given.cluster) {
        answers.push({ status, routed, served, pod, tookMs });
        continue;
      }
      answers = [];
      last =
        answer.error ?? `HTTP ${status}, routed by ${routed || 'nobody'}, served by ${served || 'nobody'}`;
      context.heartbeat({ last });
      if (Date.now() >= context.deadlineMs)
        throw deviated({
          code: 'FD3102',
          where: given.cluster,
          what: `its entry point ${target.url} did not answer ${target.host} with 200 from one of its own pods: ${last}`,
          remedy:
            'Check the Ingress (its ingressClassName is per member), the Service and the entry point in the fleet file',
          evidence: { last },
        });
      await context.sleep(BETWEEN_MS);
    }
    return { url: target.url, host: target.host, answers, afterMs: Date.now() - startedMs };
  },
});
