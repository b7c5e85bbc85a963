import type { Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { CONFIG_MAPS, configMap } from '../objects.ts';
import type { WatchEvent } from '../watching.ts';

const told = (events: WatchEvent[]) =>
  events.map(({ type, object }) => [type, object.metadata?.name ?? '', object.data ?? null]);

/** The newest version of the namespace's maps, the server's own among them. */
async function now(api: Api): Promise<string> {
  await until(
    () => api.get(CONFIG_MAPS),
    ({ body }) => body.items.length > 0,
  );
  return (await api.get(CONFIG_MAPS)).body.metadata.resourceVersion;
}

/** The server's own `kube-root-ca.crt` carries no label. */
const OURS = { labelSelector: 'ours' };
const ours = (name: string, more: Record<string, string> = {}): Any =>
  configMap(name, { ours: 'yes', ...more });

export const watches: Area = {
  title: 'Watches',
  plane: 'member',
  cases: {
    async 'what happens to an object'(api) {
      const watch = await api.watch(CONFIG_MAPS, { ...OURS, resourceVersion: await now(api) });
      await api.post(CONFIG_MAPS, ours('a'));
      await api.patch(`${CONFIG_MAPS}/a`, 'merge', { data: { a: '2' } });
      await api.delete(`${CONFIG_MAPS}/a`);
      const events = await watch.take(3);
      watch.close();
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      const rising = versions.every((version, index) => index === 0 || version > versions[index - 1]!);
      return { status: watch.status, rising, events };
    },
    async 'from where a list left off'(api) {
      const resourceVersion = await now(api);
      await api.post(CONFIG_MAPS, ours('a'));
      await api.post(CONFIG_MAPS, ours('b'));
      const watch = await api.watch(CONFIG_MAPS, { ...OURS, resourceVersion });
      const events = await watch.take(2);
      watch.close();
      return told(events);
    },
    async 'from nowhere: first what is there'(api) {
      await api.post(CONFIG_MAPS, ours('a'));
      const watch = await api.watch(CONFIG_MAPS, OURS);
      const first = await watch.take(1);
      await api.post(CONFIG_MAPS, ours('b'));
      const then = await watch.take(1);
      watch.close();
      return [...told(first), ...told(then)];
    },
    async 'from version 0: first what is there'(api) {
      await api.post(CONFIG_MAPS, ours('a'));
      await now(api);
      const watch = await api.watch(CONFIG_MAPS, { ...OURS, resourceVersion: 0 });
      const first = await watch.take(1);
      watch.close();
      return told(first);
    },
    async 'into a selection and out of it'(api) {
      const watch = await api.watch(CONFIG_MAPS, {
        labelSelector: 'tier=x',
        resourceVersion: await now(api),
      });
      await api.post(CONFIG_MAPS, ours('a'));
      await api.patch(`${CONFIG_MAPS}/a`, 'merge', { metadata: { labels: { tier: 'x' } } });
      await api.patch(`${CONFIG_MAPS}/a`, 'merge', { data: { a: '2' } });
      await api.patch(`${CONFIG_MAPS}/a`, 'merge', { metadata: { labels: { tier: 'y' } }, data: { a: '3' } });
      await api.patch(`${CONFIG_MAPS}/a`, 'merge', { metadata: { labels: { tier: 'x' } } });
      await api.delete(`${CONFIG_MAPS}/a`);
      const events = await watch.take(5);
      watch.close();
      return events.map(({ type, object }) => [type, object.data, object.metadata.labels.tier]);
    },
    async 'one object by its name'(api) {
      const fieldSelector = 'metadata.name=b';
      const watch = await api.watch(CONFIG_MAPS, { fieldSelector, resourceVersion: await now(api) });
      await api.post(CONFIG_MAPS, ours('a'));
      await api.post(CONFIG_MAPS, ours('b'));
      const events = await watch.take(1);
      watch.close();
      return told(events);
    },
    async 'the first events all at once, and then a bookmark'(api) {
      await api.post(CONFIG_MAPS, ours('a'));
      const query = {
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
      };
      const watch = await api.watch(CONFIG_MAPS, { ...OURS, ...query });
      const events = await watch.take(2);
      watch.close();
      return events;
    },
    'the first events, and how to match is not said': (api) =>
      api.get(CONFIG_MAPS, { watch: true, sendInitialEvents: true, allowWatchBookmarks: true }),
    'how to match is said, and first events are not asked for': (api) =>
      api.get(CONFIG_MAPS, { watch: true, resourceVersionMatch: 'NotOlderThan' }),
    'a version that is no number': (api) => api.get(CONFIG_MAPS, { watch: true, resourceVersion: 'new' }),
    async 'as long as asked for'(api) {
      const query = { ...OURS, timeoutSeconds: 1, resourceVersion: await now(api) };
      const watch = await api.watch(CONFIG_MAPS, query);
      await api.post(CONFIG_MAPS, ours('a'));
      return told(await watch.rest());
    },
    async 'status changes are changes'(api) {
      const nodes = '/api/v1/nodes';
      await api.post(nodes, { metadata: { name: '{own}' }, spec: { unschedulable: true } });
      const watch = await api.watch(nodes, { fieldSelector: 'metadata.name={own}', timeoutSeconds: 20 });
      await api.patch(`${nodes}/{own}/status`, 'merge', { status: { nodeInfo: { bootID: 'here' } } });
      for (;;) {
        const [event] = await watch.take(1);
        if (event === undefined) return 'not told';
        if (event.object.status.nodeInfo?.bootID !== 'here') continue;
        watch.close();
        return event.type;
      }
    },
    'a label selector that cannot be read': (api) =>
      api.get(CONFIG_MAPS, { watch: true, labelSelector: 'a=(b' }),
    'a resource that is not served': (api) =>
      api.get('/apis/apps/v1/namespaces/{own}/nothings', { watch: true }),
  },
};
