import type { Answer, Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';

const NODE = '/api/v1/nodes/{own}';

/** Nobody's pods are to land on it. */
const node = {
  metadata: { name: '{own}' },
  spec: { taints: [{ key: 'example.com/contract', effect: 'NoSchedule' }] },
};

const keys = ({ body }: Answer): string[] => (body.spec.taints ?? []).map((taint: Any) => taint.key);

/** Ready by its own word: nothing runs on it that would say so. */
const ready = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};

/** As soon as the controllers have had their say about a new node. */
async function settled(api: Api): Promise<Answer> {
  await api.post('/api/v1/nodes', node);
  const now = new Date().toISOString();
  const conditions = [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }];
  await api.patch(`${NODE}/status`, 'strategic', { status: { conditions } });
  return until(
    () => api.get(NODE),
    (seen) => !keys(seen).includes('node.kubernetes.io/not-ready'),
  );
}

export const nodes: Area = {
  title: 'Nodes',
  plane: 'member',
  cases: {
    async 'cordoned, and uncordoned'(api) {
      await settled(api);
      const { status, body } = await api.patch(NODE, 'strategic', { spec: { unschedulable: true } });
      const cordoned = await until(
        () => api.get(NODE),
        (seen) => keys(seen).includes('node.kubernetes.io/unschedulable'),
      );
      const back = await api.patch(NODE, 'strategic', { spec: { unschedulable: null } });
      const after = await until(
        () => api.get(NODE),
        (seen) => !keys(seen).includes('node.kubernetes.io/unschedulable'),
      );
      const taint = cordoned.body.spec.taints.find((one: Any) => one.key.startsWith('node.kubernetes.io'));
      return {
        cordoned: [status, body.spec.unschedulable, taint],
        back: [back.status, back.body.spec.unschedulable ?? 'none'],
        after: after.body.spec.unschedulable ?? 'none',
      };
    },
    async 'cordoned by a merge patch, false is left out'(api) {
      await settled(api);
      await api.patch(NODE, 'merge', { spec: { unschedulable: true } });
      const { body } = await api.patch(NODE, 'merge', { spec: { unschedulable: false } });
      return body.spec.unschedulable ?? 'none';
    },
    async 'selected by whether it is cordoned'(api) {
      await settled(api);
      const query = { fieldSelector: 'metadata.name={own},spec.unschedulable=true' };
      const before = await api.get('/api/v1/nodes', query);
      await api.patch(NODE, 'merge', { spec: { unschedulable: true } });
      const after = await api.get('/api/v1/nodes', query);
      return [before.body.items.length, after.body.items.length];
    },
    async 'a taint more, by strategic patch'(api) {
      await settled(api);
      const more = [{ key: 'example.com/more', value: 'x', effect: 'PreferNoSchedule' }];
      const { status, body } = await api.patch(NODE, 'strategic', { spec: { taints: more } });
      return { status, keys: body.spec.taints.map((one: Any) => one.key).sort() };
    },
    async 'a taint twice'(api) {
      await settled(api);
      const taint = { key: 'example.com/a', effect: 'NoSchedule' };
      return api.patch(NODE, 'merge', { spec: { taints: [taint, taint] } });
    },
    async 'a taint whose effect is none'(api) {
      await settled(api);
      return api.patch(NODE, 'merge', { spec: { taints: [{ key: 'example.com/a', effect: 'Never' }] } });
    },
    async 'goes at once'(api) {
      await settled(api);
      const { status, body } = await api.delete(NODE);
      return { status, kind: body.kind, details: body.details, after: (await api.get(NODE)).status };
    },
    'a cordon of what is not there': (api) => api.patch(NODE, 'strategic', { spec: { unschedulable: true } }),
  },
};
