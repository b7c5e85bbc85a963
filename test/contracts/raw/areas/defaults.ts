import type { Api } from '../api.ts';
import type { Area } from '../case.ts';
import { BUDGETS, CORE, DEPLOYMENTS, deployment, LEASES, PODS, pod, podSpec } from '../objects.ts';

/** What an object looks like once it is stored; nothing is. */
async function stored(api: Api, path: string, body: object): Promise<unknown> {
  const { status, body: shown } = await api.post(path, body, { query: { dryRun: 'All' } });
  return { status, body: shown };
}

export const defaults: Area = {
  title: 'Defaults',
  plane: 'member',
  cases: {
    'a Deployment': (api) => stored(api, DEPLOYMENTS, deployment('a', 1)),
    'a Deployment without replicas': async (api) => {
      const body = deployment('a', 1);
      delete body.spec.replicas;
      const { body: shown } = await api.post(DEPLOYMENTS, body, { query: { dryRun: 'All' } });
      return shown.spec.replicas;
    },
    'a Deployment that is recreated': async (api) => {
      const body = deployment('a', 1);
      body.spec.strategy = { type: 'Recreate' };
      const { body: shown } = await api.post(DEPLOYMENTS, body, { query: { dryRun: 'All' } });
      return shown.spec.strategy;
    },
    'a DaemonSet': (api) => {
      const { selector, template } = deployment('a', 1).spec;
      return stored(api, '/apis/apps/v1/namespaces/{own}/daemonsets', {
        metadata: { name: 'a' },
        spec: { selector, template },
      });
    },
    'a ReplicaSet': (api) => {
      const { selector, template } = deployment('a', 1).spec;
      return stored(api, '/apis/apps/v1/namespaces/{own}/replicasets', {
        metadata: { name: 'a' },
        spec: { selector, template },
      });
    },
    'a Job': (api) =>
      stored(api, '/apis/batch/v1/namespaces/{own}/jobs', {
        metadata: { name: 'a' },
        spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } },
      }),
    async 'a Pod'(api) {
      const { status, body } = await api.post(PODS, pod('a'), { query: { dryRun: 'All' } });
      // The token's volume has a name of its own each time.
      for (const volume of body.spec.volumes ?? []) volume.name = '<volume>';
      for (const { volumeMounts = [] } of body.spec.containers)
        for (const mount of volumeMounts) mount.name = '<volume>';
      return { status, body };
    },
    async 'probes, ports and environment of a container'(api) {
      const container = {
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { path: '/', port: 80 } },
        env: [{ name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        resources: { limits: { cpu: '0.5', memory: '64Mi' } },
      };
      const body = { metadata: { name: 'a' }, spec: podSpec(container) };
      const shown = await api.post(PODS, body, { query: { dryRun: 'All' } });
      const { volumeMounts: _token, ...first } = shown.body.spec.containers[0];
      return first;
    },
    async 'when an image is pulled'(api) {
      const seen: Record<string, string> = {};
      for (const image of ['app', 'app:latest', 'app:1', 'host:5000/app', 'app@sha256:0123']) {
        const { body } = await api.post(
          PODS,
          { metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image }] } },
          { query: { dryRun: 'All' } },
        );
        seen[image] = body.spec.containers[0].imagePullPolicy;
      }
      return seen;
    },
    async 'a Service'(api) {
      const body = { metadata: { name: 'a' }, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } };
      const { body: shown } = await api.post(`${CORE}/services`, body);
      const { clusterIP, clusterIPs } = shown.spec;
      const address =
        /^\d+\.\d+\.\d+\.\d+$/.test(clusterIP) && clusterIPs[0] === clusterIP ? '<address>' : clusterIP;
      return { ...shown, spec: { ...shown.spec, clusterIP: address, clusterIPs: [address] } };
    },
    'a Service without an address': (api) =>
      stored(api, `${CORE}/services`, {
        metadata: { name: 'a' },
        spec: { clusterIP: 'None', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] },
      }),
    'a Service that is a name': (api) =>
      stored(api, `${CORE}/services`, {
        metadata: { name: 'a' },
        spec: { type: 'ExternalName', externalName: 'example.com' },
      }),
    'a Secret': (api) =>
      stored(api, `${CORE}/secrets`, {
        metadata: { name: 'a' },
        data: { a: 'MQ==' },
        stringData: { b: '2' },
      }),
    'a budget': (api) =>
      stored(api, BUDGETS, {
        metadata: { name: 'a' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
      }),
    'an Ingress': (api) =>
      stored(api, '/apis/networking.k8s.io/v1/namespaces/{own}/ingresses', {
        metadata: { name: 'a' },
        spec: {
          ingressClassName: 'some',
          rules: [
            {
              host: 'a.example.com',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'a', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      }),
    'a ServiceAccount': (api) => stored(api, `${CORE}/serviceaccounts`, { metadata: { name: 'a' } }),
    'a Lease': (api) =>
      stored(api, LEASES, {
        metadata: { name: 'a' },
        spec: { holderIdentity: 'me', leaseDurationSeconds: 15 },
      }),
    'a Namespace': (api) => stored(api, '/api/v1/namespaces', { metadata: { name: '{own}-b' } }),
    'a Node': (api) => stored(api, '/api/v1/nodes', { metadata: { name: '{own}' } }),
    'a Role': (api) =>
      stored(api, '/apis/rbac.authorization.k8s.io/v1/namespaces/{own}/roles', {
        metadata: { name: 'a' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      }),
    'a binding': (api) =>
      stored(api, '/apis/rbac.authorization.k8s.io/v1/namespaces/{own}/rolebindings', {
        metadata: { name: 'a' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
        subjects: [
          { kind: 'ServiceAccount', name: 'a' },
          { kind: 'Group', name: 'g' },
        ],
      }),
    'an EndpointSlice': (api) =>
      stored(api, '/apis/discovery.k8s.io/v1/namespaces/{own}/endpointslices', {
        metadata: { name: 'a', labels: { 'kubernetes.io/service-name': 'a' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.1.2.3'] }],
        ports: [{ port: 80 }],
      }),
  },
};
