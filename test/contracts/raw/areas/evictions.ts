import type { Answer, Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { BUDGETS, PODS, pod, readyPod, strangersToken } from '../objects.ts';

const evict = (api: Api, name: string, more: object = {}, query?: Record<string, string>): Promise<Answer> =>
  api.post(
    `${PODS}/${name}/eviction`,
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: '{own}' }, ...more },
    { ...(query && { query }) },
  );

/** Creates a budget over `app: a` and waits until its controller has counted. */
async function budget(api: Api, name: string, spec: object, counted: number): Promise<void> {
  await api.post(BUDGETS, { metadata: { name }, spec: { selector: { matchLabels: { app: 'a' } }, ...spec } });
  await until(
    () => api.get(`${BUDGETS}/${name}`),
    ({ body }) => body.status?.currentHealthy === counted && body.status.observedGeneration === 1,
  );
}

async function grace(api: Api, name: string): Promise<unknown> {
  const { status, body } = await api.get(`${PODS}/${name}`);
  return status === 404 ? 'gone' : (body.metadata.deletionGracePeriodSeconds ?? 'stays');
}

/** One nobody can place: it stays Pending. */
const nowhere = (name: string) => pod(name, { app: 'a' }, { nodeSelector: { 'example.com/none': 'x' } });

export const evictions: Area = {
  title: 'Evictions',
  plane: 'member',
  cases: {
    async 'a pod without a budget'(api) {
      await readyPod(api, 'a');
      return evict(api, 'a');
    },
    'a pod that is not there': (api) => evict(api, 'none'),
    async 'the budget blocks'(api) {
      await readyPod(api, 'a');
      await budget(api, 'guard', { minAvailable: 1 }, 1);
      return { refused: await evict(api, 'a'), pod: await grace(api, 'a') };
    },
    async 'the budget allows one'(api) {
      await Promise.all([readyPod(api, 'a'), readyPod(api, 'b')]);
      await budget(api, 'guard', { maxUnavailable: 1 }, 2).catch(() => undefined);
      const { body } = await api.get(`${BUDGETS}/guard`);
      return { conditions: body.status.conditions, first: (await evict(api, 'a')).status };
    },
    async 'the budget of before the eviction counts'(api) {
      await Promise.all([readyPod(api, 'a'), readyPod(api, 'b')]);
      await budget(api, 'guard', { minAvailable: 1 }, 2);
      const first = await evict(api, 'a');
      const second = await evict(api, 'b');
      return { first: first.status, second };
    },
    async 'two budgets'(api) {
      await readyPod(api, 'a');
      await budget(api, 'one', { minAvailable: 0 }, 1);
      await budget(api, 'two', { minAvailable: 0 }, 1);
      return evict(api, 'a');
    },
    async 'a pending pod is no matter of the budget'(api) {
      await api.post(PODS, nowhere('a'));
      await api.post(BUDGETS, {
        metadata: { name: 'guard' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
      });
      const { status } = await evict(api, 'a');
      return { status, pod: await grace(api, 'a') };
    },
    async 'a dry run'(api) {
      await readyPod(api, 'a');
      const answer = await evict(api, 'a', {}, { dryRun: 'All' });
      return { answer, pod: await grace(api, 'a') };
    },
    async 'a dry run the budget blocks'(api) {
      await readyPod(api, 'a');
      await budget(api, 'guard', { minAvailable: 1 }, 1);
      const { status, body } = await evict(api, 'a', {}, { dryRun: 'All' });
      return { status, reason: body.reason };
    },
    async 'another uid'(api) {
      await readyPod(api, 'a');
      const preconditions = { uid: '00000000-0000-4000-8000-000000000000' };
      return evict(api, 'a', { deleteOptions: { preconditions } });
    },
    async 'with a grace period'(api) {
      await readyPod(api, 'a', { terminationGracePeriodSeconds: 60 });
      const watch = await api.watch(PODS, { fieldSelector: 'metadata.name=a' });
      await watch.take(1);
      const { status } = await evict(api, 'a', { deleteOptions: { gracePeriodSeconds: 9 } });
      const [event] = await watch.take(1);
      watch.close();
      return { status, type: event?.type, grace: event?.object.metadata.deletionGracePeriodSeconds };
    },
    async 'what becomes of the pod'(api) {
      await readyPod(api, 'a');
      const watch = await api.watch(PODS, { fieldSelector: 'metadata.name=a' });
      await watch.take(1);
      await evict(api, 'a');
      const [event] = await watch.take(1);
      watch.close();
      return event?.object.status.conditions.find((one: { type: string }) => one.type === 'DisruptionTarget');
    },
    async 'again, while it ends'(api) {
      await api.post(PODS, { ...pod('a'), metadata: { name: 'a', finalizers: ['example.com/held'] } });
      const first = await evict(api, 'a');
      const second = await evict(api, 'a');
      await api.patch(`${PODS}/a`, 'merge', { metadata: { finalizers: null } });
      return { first: first.status, second };
    },
    async 'another name than that of the path'(api) {
      await readyPod(api, 'a');
      return api.post(`${PODS}/a/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'b' },
      });
    },
    async 'no kind and no name'(api) {
      await readyPod(api, 'a');
      return api.post(`${PODS}/a/eviction`, {});
    },
    async 'by whoever may not'(api) {
      const token = await strangersToken(api);
      return evict(api.as({ token }), 'a');
    },
    async 'a budget counts'(api) {
      await Promise.all([readyPod(api, 'a'), readyPod(api, 'b')]);
      await budget(api, 'guard', { minAvailable: 1 }, 2);
      const { status } = (await api.get(`${BUDGETS}/guard`)).body;
      return status;
    },
    async 'a budget in percent of pods without a controller'(api) {
      await readyPod(api, 'a');
      await api.post(BUDGETS, {
        metadata: { name: 'guard' },
        spec: { maxUnavailable: '50%', selector: { matchLabels: { app: 'a' } } },
      });
      const { body } = await until(
        () => api.get(`${BUDGETS}/guard`),
        (seen) => seen.body.status?.conditions !== undefined,
      );
      const { conditions, disruptionsAllowed, expectedPods } = body.status;
      return { disruptionsAllowed, expectedPods, reason: conditions[0].reason };
    },
  },
};
