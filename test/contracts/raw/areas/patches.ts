import type { Answer, Api } from '../api.ts';
import type { Area } from '../case.ts';
import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment } from '../objects.ts';

const MAP = `${CONFIG_MAPS}/a`;

async function map(api: Api): Promise<string> {
  const made = await api.post(CONFIG_MAPS, { ...configMap('a', { keep: 'x' }), data: { a: '1', b: '2' } });
  return made.body.metadata.resourceVersion;
}

const containersOf = (body: { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }) =>
  body.spec.template.spec.containers.map(({ name, image, env }) => ({ name, image, env }));

/** The message holds the whole object, in which hardly anything is the same twice. */
const gist = ({ status, body }: Answer) => ({
  status,
  reason: body.reason,
  end: body.message?.split(': ').slice(-2),
});

export const patches: Area = {
  title: 'Patches',
  plane: 'member',
  cases: {
    async 'merge: sets, takes away, keeps'(api) {
      await map(api);
      const { status, body } = await api.patch(MAP, 'merge', { data: { a: null, c: '3' } });
      return { status, data: body.data, labels: body.metadata.labels };
    },
    async 'merge: a list is replaced'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const template = { spec: { containers: [{ name: 'other', image: 'x:1' }] } };
      const { body } = await api.patch(`${DEPLOYMENTS}/a`, 'merge', { spec: { template } });
      return containersOf(body);
    },
    async 'merge: nothing new keeps the version'(api) {
      const before = await map(api);
      const { status, body } = await api.patch(MAP, 'merge', { data: { a: '1' } });
      return { status, same: body.metadata.resourceVersion === before };
    },
    async 'merge: a version of before'(api) {
      const resourceVersion = await map(api);
      await api.patch(MAP, 'merge', { data: { c: '3' } });
      return api.patch(MAP, 'merge', { metadata: { resourceVersion }, data: { c: '4' } });
    },
    async 'merge: the version that is there'(api) {
      const resourceVersion = await map(api);
      const { status, body } = await api.patch(MAP, 'merge', {
        metadata: { resourceVersion },
        data: { c: '4' },
      });
      return { status, data: body.data };
    },
    async 'merge: another name'(api) {
      await map(api);
      return api.patch(MAP, 'merge', { metadata: { name: 'b' } });
    },
    async 'merge: what is then not valid'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      return api.patch(`${DEPLOYMENTS}/a`, 'merge', { spec: { replicas: -1 } });
    },
    async 'merge: text for a number'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      return gist(await api.patch(`${DEPLOYMENTS}/a`, 'merge', { spec: { replicas: 'many' } }));
    },
    async 'merge: JSON that is none'(api) {
      await map(api);
      return api.patch(MAP, 'merge', '{"data": ');
    },
    async 'merge: a list'(api) {
      await map(api);
      return api.patch(MAP, 'merge', []);
    },
    async 'merge: a dry run'(api) {
      await map(api);
      const { body } = await api.patch(MAP, 'merge', { data: { a: '9' } }, { dryRun: 'All' });
      return { answered: body.data, stands: (await api.get(MAP)).body.data };
    },
    'merge: what is not there': (api) => api.patch(`${CONFIG_MAPS}/none`, 'merge', { data: {} }),
    async 'strategic: a list by its key'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const containers = [
        { name: 'app', env: [{ name: 'X', value: '1' }] },
        { name: 'side', image: 's:1' },
      ];
      const { status, body } = await api.patch(`${DEPLOYMENTS}/a`, 'strategic', {
        spec: { template: { spec: { containers } } },
      });
      const without = await api.patch(`${DEPLOYMENTS}/a`, 'strategic', {
        spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } },
      });
      return { status, with: containersOf(body), without: containersOf(without.body) };
    },
    async 'strategic: a list of words'(api) {
      await api.post(CONFIG_MAPS, { metadata: { name: 'a', finalizers: ['example.com/a'] } });
      const { body } = await api.patch(MAP, 'strategic', { metadata: { finalizers: ['example.com/b'] } });
      const without = await api.patch(MAP, 'strategic', {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/b'] },
      });
      return [body.metadata.finalizers, without.body.metadata.finalizers ?? 'none'];
    },
    async 'strategic: null takes away, $patch replaces'(api) {
      await map(api);
      const first = await api.patch(MAP, 'strategic', { data: { a: null } });
      const then = await api.patch(MAP, 'strategic', { data: { $patch: 'replace', z: '9' } });
      return [first.body.data, then.body.data];
    },
    async 'JSON: add, replace, remove'(api) {
      await map(api);
      const { status, body } = await api.patch(MAP, 'json', [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: '9' },
        { op: 'remove', path: '/data/b' },
        { op: 'add', path: '/metadata/labels/new~1key', value: 'y' },
        { op: 'copy', from: '/data/a', path: '/data/c' },
        { op: 'move', from: '/data/c', path: '/data/d' },
      ]);
      return { status, data: body.data, labels: body.metadata.labels };
    },
    async 'JSON: a test that fails'(api) {
      await map(api);
      return api.patch(MAP, 'json', [{ op: 'test', path: '/data/a', value: '2' }]);
    },
    async 'JSON: a test of what is not there'(api) {
      await map(api);
      return api.patch(MAP, 'json', [{ op: 'test', path: '/data/none', value: '2' }]);
    },
    async 'JSON: removes what is not there'(api) {
      await map(api);
      return api.patch(MAP, 'json', [{ op: 'remove', path: '/data/none' }]);
    },
    async 'JSON: adds below what is not there'(api) {
      await map(api);
      return api.patch(MAP, 'json', [{ op: 'add', path: '/none/a', value: '2' }]);
    },
    async 'JSON: an operation that is none'(api) {
      await map(api);
      return api.patch(MAP, 'json', [{ op: 'change', path: '/data/a', value: '2' }]);
    },
    async 'JSON: an object for a list'(api) {
      await map(api);
      return api.patch(MAP, 'json', { data: {} });
    },
    async 'a format nobody knows'(api) {
      await map(api);
      return api.patch(MAP, 'application/json', { data: {} });
    },
    async 'a strict look at unknown fields'(api) {
      await map(api);
      return gist(await api.patch(MAP, 'merge', { colour: 'red' }, { fieldValidation: 'Strict' }));
    },
  },
};
