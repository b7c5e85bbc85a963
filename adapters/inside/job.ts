/**
 * The port `Inside` on any cluster: a Job that runs the client and prints what it found. Removed afterwards, whatever
 * happens: by us, and by the cluster itself (`activeDeadlineSeconds`, `ttlSecondsAfterFinished`) when we cannot.
 */
import { createHash } from 'node:crypto';
import { unjudged } from '../../activities/failure.ts';
import type { Inside } from '../../activities/ports/inside.ts';
import type { Marker, MemberCluster, Pod } from '../../activities/ports/member.ts';
import type { KubeObject, ObjectRef } from '../../activities/ports/plane.ts';
import { sleep } from '../../activities/sleep.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { RUN_ANNOTATION, STEP_ANNOTATION } from '../kubernetes/nodes.ts';
import { type Errand, type Find, runErrand } from './client.ts';
import { translation } from './visits.ts';

const BETWEEN_MS = 300;
/** For the removal of a Job whose visit was called off. */
const REMOVAL_MS = 5_000;
/** Image pull and start of the pod, on top of the requests themselves. */
const START_SECONDS = 120;
/** Before the JSON, so that nothing that the image prints is taken for it. */
const PREFIX = 'FIREDRILL ';

export function createJobs(fleet: Fleet, image: string, member: MemberCluster): Inside {
  const { errand, visits } = translation(fleet);
  return {
    by: `a Job of ${image}`,
    async visit(question, { namespace, marker }, signal) {
      const job = jobOf(errand(question), image, namespace, marker);
      const ref: ObjectRef = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: job.metadata.name };
      try {
        // One that an attempt before this left would be asked in its stead.
        await removed(member, ref, signal);
        await member.create(job, signal);
        return visits(await findsOf(member, ref, signal));
      } finally {
        await member.remove(ref, AbortSignal.timeout(REMOVAL_MS)).catch(() => undefined);
      }
    },
  };
}

async function removed(member: MemberCluster, ref: ObjectRef, signal: AbortSignal): Promise<void> {
  while (await member.read(ref, signal)) {
    await member.remove(ref, signal);
    await sleep(BETWEEN_MS, signal);
  }
}

async function findsOf(member: MemberCluster, ref: ObjectRef, signal: AbortSignal): Promise<Find[]> {
  const { namespace = '', name } = ref;
  for (;;) {
    const [pod] = await member.pods({ namespace, labels: { 'job-name': name } }, signal);
    if (pod?.phase === 'Succeeded') return parse(await member.logs(pod, signal), member.name, pod);
    const job = await member.read(ref, signal);
    if (pod?.phase === 'Failed' || job === undefined || hasFailed(job))
      throw didNotRun(member.name, name, pod, pod ? await member.logs(pod, signal) : '');
    await sleep(BETWEEN_MS, signal);
  }
}

function hasFailed({ status }: KubeObject): boolean {
  const conditions: { type: string; status: string }[] = status?.conditions ?? [];
  return conditions.some((condition) => condition.type === 'Failed' && condition.status === 'True');
}

function parse(log: string, where: string, pod: Pod): Find[] {
  const line = log.split('\n').find((each) => each.startsWith(PREFIX));
  if (line === undefined) throw didNotRun(where, pod.name, pod, log);
  return JSON.parse(line.slice(PREFIX.length));
}

function didNotRun(where: string, name: string, pod: Pod | undefined, log: string) {
  const last = log.trim().split('\n').at(-1) ?? '';
  return unjudged({
    code: 'FD3608',
    where,
    what: `the Job ${name} found nothing out: ${pod ? `its pod is ${pod.phase}` : 'it has no pod'}${last && `, and says: ${last.slice(0, 200)}`}`,
    remedy: 'Give `mcs.image` in the fleet file an image with Node 20 or later that the member can pull',
  });
}

/** One name for all attempts of a step, so that none is forgotten. */
function jobOf(errand: Errand, image: string, namespace: string, { run, step }: Marker): KubeObject {
  const id = createHash('sha256').update(`${run}/${step}`).digest('hex').slice(0, 10);
  const labels = { 'app.kubernetes.io/managed-by': 'firedrill' };
  const annotations = { [RUN_ANNOTATION]: run, [STEP_ANNOTATION]: step };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `firedrill-inside-${id}`, namespace, labels, annotations },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: START_SECONDS + Math.ceil((errand.requests * errand.timeoutMs) / 1000),
      ttlSecondsAfterFinished: 60,
      template: {
        metadata: { labels, annotations },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'client',
              image,
              command: ['node', '-e', script(), JSON.stringify(errand)],
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            },
          ],
        },
      },
    },
  };
}

const script = () =>
  `(${runErrand.toString()})(JSON.parse(process.argv[1])).then((finds) => console.log('${PREFIX}' + JSON.stringify(finds)))`;
