import type { Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1 },
        colour: { type: 'string', default: 'red', enum: ['red', 'blue'] },
        parts: { type: 'array', items: { type: 'string' } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

/** A group of the case's own: no two of them meet. */
const definition = (more: object = {}): Any => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.{own}.example.com' },
  spec: {
    group: '{own}.example.com',
    scope: 'Namespaced',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wd'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: schema },
      },
    ],
    ...more,
  },
});

const WIDGETS = '/apis/{own}.example.com/v1/namespaces/{own}/widgets';

const widget = (name: string, spec: object): Any => ({
  apiVersion: '{own}.example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});

async function defined(api: Api): Promise<void> {
  await api.post(DEFINITIONS, definition());
  await until(
    () => api.get(WIDGETS),
    ({ status }) => status === 200,
  );
}

export const customs: Area = {
  title: 'Custom resources',
  plane: 'member',
  cases: {
    async 'a definition'(api) {
      const { status, body } = await api.post(DEFINITIONS, definition());
      const established = await until(
        () => api.get(`${DEFINITIONS}/widgets.{own}.example.com`),
        (seen) =>
          seen.body.status?.conditions?.some(
            (one: Any) => one.type === 'Established' && one.status === 'True',
          ),
      );
      const { conditions, acceptedNames, storedVersions } = established.body.status;
      return {
        status,
        generation: body.metadata.generation,
        conversion: body.spec.conversion,
        conditions,
        acceptedNames,
        storedVersions,
      };
    },
    'a definition whose name does not fit': (api) =>
      api.post(DEFINITIONS, { ...definition(), metadata: { name: 'gadgets.{own}.example.com' } }),
    'a definition without a schema': (api) =>
      api.post(DEFINITIONS, definition({ versions: [{ name: 'v1', served: true, storage: true }] })),
    async 'before its definition'(api) {
      return api.post(WIDGETS, widget('a', { size: 1 }));
    },
    async 'an object'(api) {
      await defined(api);
      return api.post(WIDGETS, widget('a', { size: 1, free: { any: 'thing' } }));
    },
    async 'a default of the schema'(api) {
      await defined(api);
      return (await api.post(WIDGETS, widget('a', { size: 1 }))).body.spec;
    },
    async 'what the schema does not allow'(api) {
      await defined(api);
      return api.post(WIDGETS, widget('a', { size: 0, colour: 'green', parts: 'one' }));
    },
    async 'what the schema wants and is not there'(api) {
      await defined(api);
      return api.post(WIDGETS, widget('a', {}));
    },
    async 'a field the schema does not know'(api) {
      await defined(api);
      const { status, headers, body } = await api.post(WIDGETS, widget('a', { size: 1, weight: 2 }));
      return { status, headers, spec: body.spec };
    },
    async 'a list'(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      const { body } = await api.get(WIDGETS);
      const [item] = body.items;
      return { kind: body.kind, apiVersion: body.apiVersion, item: [item.kind, item.apiVersion] };
    },
    async 'a name that is none'(api) {
      await defined(api);
      return api.post(WIDGETS, widget('Not_A_Name', { size: 1 }));
    },
    async 'one that is not there'(api) {
      await defined(api);
      return api.get(`${WIDGETS}/none`);
    },
    async 'a merge patch'(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      const { status, body } = await api.patch(`${WIDGETS}/a`, 'merge', { spec: { size: 2 } });
      return { status, generation: body.metadata.generation, size: body.spec.size };
    },
    async 'a strategic patch'(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      return api.patch(`${WIDGETS}/a`, 'strategic', { spec: { size: 2 } });
    },
    async 'an update without a version'(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      return api.put(`${WIDGETS}/a`, widget('a', { size: 2 }));
    },
    async 'the status by its subresource'(api) {
      await defined(api);
      const { body } = await api.post(WIDGETS, { ...widget('a', { size: 1 }), status: { ready: true } });
      const answer = await api.patch(`${WIDGETS}/a/status`, 'merge', {
        spec: { size: 7 },
        status: { ready: true },
      });
      const { metadata, spec, status } = answer.body;
      return {
        first: body.status ?? 'none',
        code: answer.status,
        generation: metadata.generation,
        size: spec.size,
        status,
      };
    },
    async applied(api) {
      await defined(api);
      const made = await api.patch(`${WIDGETS}/a`, 'apply', widget('a', { size: 1 }), {
        fieldManager: 'one',
      });
      const refused = await api.patch(`${WIDGETS}/a`, 'apply', widget('a', { size: 2 }), {
        fieldManager: 'two',
      });
      return { made: made.status, refused };
    },
    async deleted(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      return api.delete(`${WIDGETS}/a`);
    },
    async 'in discovery'(api) {
      await defined(api);
      const { body } = await until(
        () => api.get('/apis/{own}.example.com/v1'),
        ({ status }) => status === 200,
      );
      return body.resources.map(({ storageVersionHash: _hash, verbs, ...entry }: Any) => ({
        ...entry,
        verbs: [...verbs].sort(),
      }));
    },
    async 'goes with its definition'(api) {
      await defined(api);
      await api.post(WIDGETS, widget('a', { size: 1 }));
      const { status } = await api.delete(`${DEFINITIONS}/widgets.{own}.example.com`);
      const after = await until(
        () => api.get(WIDGETS),
        (seen) => seen.status !== 200,
      );
      return { status, after };
    },
    async watched(api) {
      await defined(api);
      const { body } = await api.get(WIDGETS);
      const watch = await api.watch(WIDGETS, { resourceVersion: body.metadata.resourceVersion });
      await api.post(WIDGETS, widget('a', { size: 1 }));
      const events = await watch.take(1);
      watch.close();
      return events;
    },
  },
};
