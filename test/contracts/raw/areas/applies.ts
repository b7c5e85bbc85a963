import type { Answer, Any, Api } from '../api.ts';
import type { Area } from '../case.ts';
import { CONFIG_MAPS, DEPLOYMENTS, deployment, managers } from '../objects.ts';

const MAP = `${CONFIG_MAPS}/a`;

function apply(api: Api, manager: string, data: object, more: Any = {}, query: object = {}): Promise<Answer> {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data, ...more };
  return api.patch(MAP, 'apply', body, { fieldManager: manager, ...query });
}

const shown = ({ status, body }: Answer) => ({ status, data: body.data, managers: managers(body) });

const application = (replicas: number | undefined, containers: Any[]): Any => {
  const body = deployment('a', 0);
  const template = { ...body.spec.template, spec: { containers } };
  const { selector } = body.spec;
  const spec = { selector, template, ...(replicas === undefined ? {} : { replicas }) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec };
};

export const applies: Area = {
  title: 'Server-side apply',
  plane: 'member',
  cases: {
    'creates, and says whose it is': async (api) => shown(await apply(api, 'one', { a: '1' })),
    async 'the same again keeps the version'(api) {
      const first = await apply(api, 'one', { a: '1' });
      const again = await apply(api, 'one', { a: '1' });
      const same = first.body.metadata.resourceVersion === again.body.metadata.resourceVersion;
      return { same, ...shown(again) };
    },
    async 'takes away what it no longer says'(api) {
      await apply(api, 'one', { a: '1', b: '2' });
      return shown(await apply(api, 'one', { b: '2' }));
    },
    async 'shares what two say alike'(api) {
      await apply(api, 'one', { a: '1' });
      const both = await apply(api, 'two', { a: '1', b: '2' });
      const left = await apply(api, 'one', {});
      return [shown(both), shown(left)];
    },
    async 'refuses to change what another applied'(api) {
      await apply(api, 'one', { a: '1' });
      return apply(api, 'two', { a: '2' });
    },
    async 'refuses to change what another updated'(api) {
      await apply(api, 'one', { a: '1', b: '1' });
      await api.patch(MAP, 'merge', { data: { a: '2', b: '2' } }, { fieldManager: 'hand' });
      return apply(api, 'one', { a: '3', b: '3' });
    },
    async 'names every manager it conflicts with'(api) {
      await apply(api, 'one', { a: '1' });
      await apply(api, 'two', { b: '1' });
      return apply(api, 'three', { a: '2', b: '2' });
    },
    async 'by force'(api) {
      await apply(api, 'one', { a: '1', b: '1' });
      return shown(await apply(api, 'two', { a: '2' }, {}, { force: true }));
    },
    async 'an update takes a field over, and one that goes is nobody’s'(api) {
      await apply(api, 'one', { a: '1', b: '1' });
      await api.patch(MAP, 'merge', { data: { a: '2', b: null } }, { fieldManager: 'hand' });
      return shown(await api.get(MAP));
    },
    async 'on what was created the old way'(api) {
      await api.post(CONFIG_MAPS, { metadata: { name: 'a' }, data: { a: '1', b: '2' } });
      return shown(await apply(api, 'one', { a: '1' }));
    },
    async 'a field manager made of the client’s name'(api) {
      await api.post(CONFIG_MAPS, { metadata: { name: 'a' }, data: { a: '1' } });
      return managers((await api.get(MAP)).body);
    },
    async 'without a manager'(api) {
      return api.patch(MAP, 'apply', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    },
    'without kind and version': (api) =>
      api.patch(MAP, 'apply', { metadata: { name: 'a' }, data: {} }, { fieldManager: 'one' }),
    'with another name': (api) => apply(api, 'one', {}, { metadata: { name: 'b' } }),
    'with managed fields': async (api) => {
      await apply(api, 'one', { a: '1' });
      const { body } = await api.get(MAP);
      return apply(
        api,
        'one',
        { a: '1' },
        { metadata: { name: 'a', managedFields: body.metadata.managedFields } },
      );
    },
    'with a version of before': async (api) => {
      const { body } = await apply(api, 'one', { a: '1' });
      await apply(api, 'one', { a: '2' });
      const { resourceVersion } = body.metadata;
      return apply(api, 'one', { a: '3' }, { metadata: { name: 'a', resourceVersion } });
    },
    'of what is not valid': (api) =>
      api.patch(`${DEPLOYMENTS}/a`, 'apply', application(-1, [{ name: 'app', image: 'x:1' }]), {
        fieldManager: 'one',
      }),
    'a field nobody knows': (api) => apply(api, 'one', {}, { colour: 'red' }),
    async 'a dry run'(api) {
      const { status, body } = await apply(api, 'one', { a: '1' }, {}, { dryRun: 'All' });
      return { status, data: body.data, after: (await api.get(MAP)).status };
    },
    async 'lists are merged by their keys'(api) {
      const path = `${DEPLOYMENTS}/a`;
      const one = { name: 'app', image: 'x:1', env: [{ name: 'A', value: '1' }] };
      await api.patch(path, 'apply', application(0, [one]), { fieldManager: 'one' });
      const two = { name: 'app', env: [{ name: 'B', value: '2' }] };
      const { status, body } = await api.patch(path, 'apply', application(undefined, [two]), {
        fieldManager: 'two',
      });
      return { status, env: body.spec.template.spec.containers[0].env, managers: managers(body) };
    },
    async 'a scale by others does not conflict when it is left out'(api) {
      const path = `${DEPLOYMENTS}/a`;
      const containers = [{ name: 'app', image: 'x:1' }];
      await api.patch(path, 'apply', application(0, containers), { fieldManager: 'one' });
      await api.patch(`${path}/scale`, 'merge', { spec: { replicas: 1 } }, { fieldManager: 'scaler' });
      const kept = await api.patch(path, 'apply', application(undefined, containers), {
        fieldManager: 'one',
      });
      const refused = await api.patch(path, 'apply', application(0, containers), { fieldManager: 'one' });
      return { kept: [kept.status, kept.body.spec?.replicas], refused };
    },
    async 'a status apart'(api) {
      const path = `${DEPLOYMENTS}/a`;
      await api.post(DEPLOYMENTS, {
        ...deployment('a', 0),
        spec: { ...deployment('a', 0).spec, paused: true },
      });
      const body = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        status: { collisionCount: 4 },
      };
      const { status, body: after } = await api.patch(`${path}/status`, 'apply', body, {
        fieldManager: 'one',
      });
      return { status, owner: managers(after).filter((one) => one.startsWith('one')) };
    },
  },
};
