/**
 * The Job that looks from inside: the very command it would run in a pod is run here, as a child process, against
 * the lab's DNS. A kubelet's part is played by hand; the API's parts by a member that remembers.
 */
import '../lab/karmada/realm.ts';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { MemberCluster, Pod } from '../../activities/ports/member.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';
import { createJobs } from '../../adapters/inside/job.ts';
import { type Fleet, fleet as fleetSchema } from '../../dsl/fleet.ts';
import { createFaults } from '../../lab/faults.ts';
import { type Inside, startInside } from '../../lab/inside/inside.ts';
import { createStore, type MemoryStore } from '../../lab/kubernetes/store.ts';
import { addHello } from '../lab/edge/hello.ts';
import { addService, addSlice } from '../lab/inside/objects.ts';

let folder: string;
let store: MemoryStore;
let inside: Inside;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-job-'));
  store = createStore('k3s');
  addHello(store, 1);
  addService(store, 'derived-hello');
  addSlice(store, 'imported-k3s-hello', 'derived-hello', ['10.1.0.9']);
  inside = await startInside({ members: { k3s: store }, faults: createFaults() }, { folder });
});
afterEach(async () => {
  await inside.close();
  rmSync(folder, { recursive: true });
});

const fleet: Fleet = {
  ...fleetSchema.parse({
    name: 'test',
    tier: 'fleet',
    production: false,
    members: { k3s: { context: 'k3s', entry: { url: 'http://127.0.0.1', host: 'hello.example.com' } } },
    identity: {
      routed: { header: 'x-routed' },
      served: { header: 'X-Cluster' },
      pod: { body: 'POD_NAME=(\\S+)' },
    },
    mcs: { image: 'node:24-alpine' },
  }),
  file: '/fleet.yaml',
};
const question = {
  name: 'derived-hello.demo.svc.cluster.local',
  port: 80,
  path: '/',
  requests: 3,
  timeoutMs: 2000,
};
const at = { namespace: 'demo', marker: { run: 'run-1', step: 'steps.one' } };

interface Kubelet {
  phase: string;
  log: string;
}

/** A member whose Jobs are run by `run`. */
function memberWith(run: (job: KubeObject) => Promise<Kubelet>) {
  const jobs = new Map<string, KubeObject>();
  const ran = new Map<string, Kubelet>();
  const removed: string[] = [];
  const member = {
    name: 'k3s',
    read: async (ref: { name: string }) => jobs.get(ref.name),
    remove: async (ref: { name: string }) => {
      removed.push(ref.name);
      return jobs.delete(ref.name);
    },
    create: async (job: KubeObject) => {
      jobs.set(job.metadata.name, job);
      void run(job).then((result) => ran.set(job.metadata.name, result));
      return job;
    },
    pods: async ({ labels = {} }: { labels?: Record<string, string> }) => {
      const name = labels['job-name']!;
      return jobs.has(name)
        ? [{ namespace: 'demo', name, phase: ran.get(name)?.phase ?? 'Pending' } as Pod]
        : [];
    },
    logs: async (pod: { name: string }) => ran.get(pod.name)?.log ?? '',
  };
  return { member: member as unknown as MemberCluster, jobs, removed };
}

/** As the pod would, but for where its DNS is and how it gets to the lab's addresses. */
async function asPod(job: KubeObject): Promise<Kubelet> {
  const [command, flag, script, argument] = job['spec'].template.spec.containers[0].command;
  expect([command, flag]).toEqual(['node', '-e']);
  const { dns, proxy } = inside.ports.k3s!;
  const here = { ...JSON.parse(argument), dns: `127.0.0.1:${dns}`, proxy: `http://127.0.0.1:${proxy}` };
  const { stdout } = await promisify(execFile)(process.execPath, [flag, script, JSON.stringify(here)]);
  return { phase: 'Succeeded', log: `a line of the image's own\n${stdout}` };
}

test('runs the client on its own, reads what it printed, and leaves nothing', async () => {
  const { member, jobs, removed } = memberWith(asPod);
  const visits = await createJobs(fleet, 'node:24-alpine', member).visit(
    question,
    at,
    AbortSignal.timeout(20_000),
  );
  expect(visits).toHaveLength(3);
  const { spec } = store.get('core/services', 'demo', 'derived-hello')!;
  expect(visits[0]).toEqual({ addresses: [spec.clusterIP], status: 200, served: 'k3s', pod: 'hello-0' });
  expect(jobs.size).toBe(0);
  expect(removed).toHaveLength(1);
});

test('a name that is none is an answer too', async () => {
  const { member } = memberWith(asPod);
  const asked = { ...question, name: 'nobody.demo.svc.clusterset.local', requests: 1 };
  const visits = await createJobs(fleet, 'node:24-alpine', member).visit(
    asked,
    at,
    AbortSignal.timeout(20_000),
  );
  expect(visits).toEqual([{ addresses: [], error: 'ENOTFOUND', served: '', pod: '' }]);
});

test.each([
  [
    'a pod that failed',
    { phase: 'Failed', log: 'sh: node: not found\n' },
    /Failed, and says: sh: node: not found/,
  ],
  ['a log without findings', { phase: 'Succeeded', log: 'hello\n' }, /Succeeded, and says: hello/],
])('%s: unjudged, and nothing is left', async (_what, result, says) => {
  const { member, jobs } = memberWith(async () => result);
  const visiting = createJobs(fleet, 'image', member).visit(question, at, AbortSignal.timeout(20_000));
  await expect(visiting).rejects.toMatchObject({ type: 'unjudged', message: expect.stringMatching(says) });
  expect(jobs.size).toBe(0);
});

test('called off: the Job goes as well, and one that an earlier attempt left is not asked', async () => {
  const never = memberWith(() => new Promise(() => undefined));
  const stop = new AbortController();
  const visiting = createJobs(fleet, 'image', never.member).visit(question, at, stop.signal);
  setTimeout(() => stop.abort(new Error('cancelled')), 50);
  await expect(visiting).rejects.toThrow('cancelled');
  expect(never.jobs.size).toBe(0);

  const { member, jobs, removed } = memberWith(asPod);
  const first = createJobs(fleet, 'image', member).visit(question, at, AbortSignal.timeout(20_000));
  await first;
  const [name] = removed;
  jobs.set(name!, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: name! } });
  await createJobs(fleet, 'image', member).visit(question, at, AbortSignal.timeout(20_000));
  expect(removed.length).toBeGreaterThan(2);
});
