/**
 * What kwok plays on a member: how nodes and pods live. kwok ships stages of its own; these differ in that a pod
 * takes time to start and to stop, and that a pod becomes ready again after the node lifecycle controller has
 * marked it not ready (with kwok's own it stays so for ever, once the API was away for longer than the leases).
 */
import { stringify } from 'yaml';

export interface PodLife {
  /** From a pod bound to a node until it is ready. */
  startMs: number;
  /** false: no image can be pulled, new pods never start. */
  pulls: boolean;
}

/** As on the measured rig. */
export const usualLife: PodLife = { startMs: 2000, pulls: true };

const POD_STOP_MS = 300;
const READY_AGAIN_MS = 1000;

/** The file that `kwok --config` reads. */
export function stagesFile(life: PodLife = usualLife): string {
  return [
    nodeReady,
    nodeHeartbeat,
    life.pulls ? podReady(life.startMs) : podWaits,
    podReadyAgain,
    podDone,
    podGone,
  ]
    .map((stage) => stringify(stage))
    .join('---\n');
}

type Expression = { key: string; operator: string; values?: string[] };
const is = (key: string, ...values: string[]): Expression => ({ key, operator: 'In', values });
const isNot = (key: string, ...values: string[]): Expression => ({ key, operator: 'NotIn', values });
const ready = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const alive: Expression = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };

function stage(
  name: string,
  kind: 'Node' | 'Pod',
  matchExpressions: Expression[],
  delayMs: number,
  next: { status: string } | { delete: true },
): object {
  const patches =
    'status' in next
      ? { patches: [{ subresource: 'status', root: 'status', type: 'strategic', template: next.status }] }
      : next;
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions },
      ...(delayMs > 0 && { delay: { durationMilliseconds: delayMs } }),
      next: patches,
    },
  };
}

/** Conditions of the given types, now, with one status. */
const conditions = (status: 'True' | 'False', ...types: string[]) =>
  `conditions:\n${types
    .map((type) => `- {type: ${type}, status: "${status}", lastTransitionTime: {{ Now | Quote }}}`)
    .join('\n')}\n`;

/** Every container of a pod in one state; only running ones are ready. */
function containers(state: 'running' | 'waiting' | 'terminated', fields: string[]): string {
  const ready = state === 'running' ? ['  ready: true', '  started: true'] : ['  ready: false'];
  return [
    'containerStatuses:',
    '{{ range .spec.containers }}',
    '- name: {{ .name | Quote }}',
    '  image: {{ .image | Quote }}',
    ...ready,
    '  restartCount: 0',
    '  state:',
    `    ${state}:`,
    ...fields.map((field) => `      ${field}`),
    '{{ end }}\n',
  ].join('\n');
}

const nodeConditions = `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;
const nodeReady = stage('node-ready', 'Node', [isNot(ready, 'True')], 0, {
  status: `${nodeConditions}phase: Running\n`,
});
/** kwok renews leases only of nodes that a stage leads on. */
const nodeHeartbeat = stage('node-heartbeat', 'Node', [is(ready, 'True')], 600_000, {
  status: nodeConditions,
});

const podReady = (startMs: number) =>
  stage('pod-ready', 'Pod', [alive, is('.status.phase', 'Pending')], startMs, {
    status: `{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
${conditions('True', 'Initialized', 'PodReadyToStartContainers', 'ContainersReady', 'Ready')}
${containers('running', ['startedAt: {{ $now | Quote }}'])}{{ $hosts := NodeIPsWith .spec.nodeName }}
{{ with $hosts }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ $addresses := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $addresses }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
`,
  });

const podWaits = stage(
  'pod-waits',
  'Pod',
  [alive, is('.status.phase', 'Pending'), { key: '.status.containerStatuses', operator: 'DoesNotExist' }],
  0,
  {
    status: `{{ $now := Now }}
${conditions('False', 'ContainersReady', 'Ready')}
${containers('waiting', ['reason: ImagePullBackOff', 'message: Back-off pulling image {{ .image }}'])}`,
  },
);

const podReadyAgain = stage(
  'pod-ready-again',
  'Pod',
  [alive, is('.status.phase', 'Running'), isNot(ready, 'True')],
  READY_AGAIN_MS,
  { status: conditions('True', 'ContainersReady', 'Ready') },
);

const ofJob = is('.metadata.ownerReferences.[].kind', 'Job');
const podDone = stage('pod-done', 'Pod', [alive, is('.status.phase', 'Running'), ofJob], 0, {
  status: `{{ $now := Now }}
phase: Succeeded
${conditions('False', 'ContainersReady', 'Ready')}
${containers('terminated', ['exitCode: 0', 'reason: Completed', 'startedAt: {{ $now | Quote }}', 'finishedAt: {{ $now | Quote }}'])}`,
});

const podGone = stage(
  'pod-gone',
  'Pod',
  [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }],
  POD_STOP_MS,
  { delete: true },
);
