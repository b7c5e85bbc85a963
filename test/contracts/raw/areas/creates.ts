import { type Area, until } from '../case.ts';
import {
  BUDGETS,
  CONFIG_MAPS,
  CORE,
  configMap,
  DEPLOYMENTS,
  deployment,
  LEASES,
  PODS,
  pod,
  podSpec,
} from '../objects.ts';

export const creates: Area = {
  title: 'Creates',
  plane: 'member',
  cases: {
    'an object': (api) => api.post(CONFIG_MAPS, configMap('a', { tier: 'x' })),
    async 'a name made by the server'(api) {
      const { status, body } = await api.post(CONFIG_MAPS, { metadata: { generateName: 'made-' } });
      const { name, generateName } = body.metadata;
      return { status, generateName, pattern: name.replace(/[bcdfghjklmnpqrstvwxz2456789]{5}$/, '<5>') };
    },
    async 'a name that is taken'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.post(CONFIG_MAPS, configMap('a'));
    },
    async 'a taken name of a group'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      return api.post(DEPLOYMENTS, deployment('a', 0));
    },
    'in a namespace that is not there': (api) =>
      api.post('/api/v1/namespaces/{own}-none/configmaps', configMap('a')),
    async 'in a namespace that is on its way out'(api) {
      const finalizers = ['example.com/held'];
      await api.post(CONFIG_MAPS, { ...configMap('held'), metadata: { name: 'held', finalizers } });
      await api.delete('/api/v1/namespaces/{own}');
      const refused = await api.post(CONFIG_MAPS, configMap('late'));
      await api.patch(`${CONFIG_MAPS}/held`, 'merge', { metadata: { finalizers: null } });
      return refused;
    },
    'no name at all': (api) => api.post(CONFIG_MAPS, { data: {} }),
    'a name that is none': (api) => api.post(CONFIG_MAPS, configMap('Not_A_Name')),
    'a name too long for a label': (api) =>
      api.post(`${CORE}/services`, { metadata: { name: 'a'.repeat(64) }, spec: { ports: [{ port: 80 }] } }),
    'a label whose key is none': (api) => api.post(CONFIG_MAPS, configMap('a', { 'not a key': 'x' })),
    'a label whose value is none': (api) => api.post(CONFIG_MAPS, configMap('a', { a: 'not a value' })),
    'a namespace that is not that of the path': (api) =>
      api.post(CONFIG_MAPS, { metadata: { name: 'a', namespace: 'default' } }),
    'a kind that is not that of the path': (api) =>
      api.post(CONFIG_MAPS, { ...configMap('a'), apiVersion: 'v1', kind: 'Secret' }),
    'a version that is not that of the path': (api) =>
      api.post(DEPLOYMENTS, { ...deployment('a', 0), apiVersion: 'extensions/v1beta1', kind: 'Deployment' }),
    'a version of its own': (api) => api.post(CONFIG_MAPS, { metadata: { name: 'a', resourceVersion: '7' } }),
    'every problem of a Deployment': (api) => {
      const body = deployment('a', -1);
      body.spec.template.metadata.labels = { app: 'b' };
      body.spec.template.spec.containers = [{ image: 'x' }, { name: 'y' }];
      return api.post(DEPLOYMENTS, body);
    },
    'a Deployment without a spec': (api) => api.post(DEPLOYMENTS, { metadata: { name: 'a' } }),
    'a Deployment without a selector': (api) => {
      const body = deployment('a', 1);
      delete body.spec.selector;
      return api.post(DEPLOYMENTS, body);
    },
    'an empty selector': (api) => {
      const body = deployment('a', 1);
      body.spec.selector = {};
      return api.post(DEPLOYMENTS, body);
    },
    'replicas that are text': (api) => {
      const body = deployment('a', 1);
      body.spec.replicas = 'many';
      return api.post(DEPLOYMENTS, body);
    },
    'containers that are no list': (api) => {
      const body = pod('a');
      body.spec.containers = { name: 'app' };
      return api.post(PODS, body);
    },
    'a Pod without containers': (api) => api.post(PODS, { metadata: { name: 'a' }, spec: {} }),
    'a Pod with two of one name': (api) =>
      api.post(PODS, {
        metadata: { name: 'a' },
        spec: { containers: [...podSpec().containers, ...podSpec().containers] },
      }),
    'a Pod with requests that are none': (api) =>
      api.post(PODS, {
        metadata: { name: 'a' },
        spec: podSpec({ resources: { requests: { cpu: 'much' } } }),
      }),
    'a Pod that asks for more than its limit': (api) =>
      api.post(PODS, {
        metadata: { name: 'a' },
        spec: podSpec({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      }),
    'a Service without ports': (api) => api.post(`${CORE}/services`, { metadata: { name: 'a' }, spec: {} }),
    'a Service with a port that is none': (api) =>
      api.post(`${CORE}/services`, { metadata: { name: 'a' }, spec: { ports: [{ port: 70_000 }] } }),
    'a budget with two bounds': (api) =>
      api.post(BUDGETS, {
        metadata: { name: 'a' },
        spec: { minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: { app: 'a' } } },
      }),
    'a Lease that lasts no time': (api) =>
      api.post(LEASES, { metadata: { name: 'a' }, spec: { holderIdentity: 'me', leaseDurationSeconds: 0 } }),
    'a binding that changes its role': async (api) => {
      const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/{own}/rolebindings';
      const to = (name: string) => ({
        metadata: { name: 'a' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      });
      await api.post(bindings, to('view'));
      return api.put(`${bindings}/a`, to('edit'));
    },
    async 'a dry run'(api) {
      const asked = await api.post(CONFIG_MAPS, configMap('a'), { query: { dryRun: 'All' } });
      const after = await api.get(`${CONFIG_MAPS}/a`);
      return { asked, after: after.status };
    },
    async 'a dry run of what is refused'(api) {
      const refused = await api.post(DEPLOYMENTS, { metadata: { name: 'a' } }, { query: { dryRun: 'All' } });
      return refused.status;
    },
    'a dry run that is none': (api) => api.post(CONFIG_MAPS, configMap('a'), { query: { dryRun: 'Some' } }),
    'a field nobody knows': (api) => api.post(CONFIG_MAPS, { ...configMap('a'), colour: 'red' }),
    'a field nobody knows, strictly': (api) =>
      api.post(CONFIG_MAPS, { ...configMap('a'), colour: 'red' }, { query: { fieldValidation: 'Strict' } }),
    'JSON that is none': (api) => api.post(CONFIG_MAPS, '{"metadata": {'),
    'a list for an object': (api) => api.post(CONFIG_MAPS, []),
    'no body': (api) => api.post(CONFIG_MAPS, ''),
    'a body that is text': (api) => api.post(CONFIG_MAPS, 'metadata', { type: 'text/plain' }),
    async 'a body that is YAML'(api) {
      const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "1"\n';
      const { status, body } = await api.post(CONFIG_MAPS, text, { type: 'application/yaml' });
      return { status, data: body.data };
    },
    async 'a body of no stated type'(api) {
      const { status, body } = await api.post(CONFIG_MAPS, configMap('a'), { type: null });
      return { status, body };
    },
    async 'a namespace goes with what is in it'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      const { status, body } = await api.delete('/api/v1/namespaces/{own}');
      const gone = await until(
        () => api.get('/api/v1/namespaces/{own}'),
        (seen) => seen.status === 404,
      );
      const left = await api.get(`${CONFIG_MAPS}/a`);
      return {
        status,
        kind: body.kind,
        phase: body.status.phase,
        spec: body.spec,
        gone: gone.status,
        left: left.status,
      };
    },
  },
};
