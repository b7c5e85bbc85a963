/** Objects of the scenario's application as a member cluster would hold them, pods running. */
import type { MemoryStore } from '../../../lab/kubernetes/store.ts';
import type { KubeObject, ObjectStore } from '../../../lab/store.ts';

export const HOST = 'hello.example.com';
const namespace = 'demo';

export const template = `server {
  listen 80;
  location / {
    default_type text/plain;
    add_header X-Cluster "\${CLUSTER_NAME}" always;
    add_header X-Node "\${NODE_NAME}" always;
    add_header X-Pod "\${POD_NAME}" always;
    return 200 'Server name: $hostname\\nPOD_NAME=\${POD_NAME}\\nNODE_NAME=\${NODE_NAME}\\nCLUSTER_NAME=\${CLUSTER_NAME}\\n';
  }
}
`;

export function addHello(store: ObjectStore, pods: number, image = 'nginxdemos/hello:plain-text'): void {
  store.create('core/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: `${store.name}-0` } });
  store.create('core/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'hello-template', namespace },
    data: { 'default.conf.template': template },
  });
  store.create('core/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hello', namespace },
    spec: { selector: { app: 'hello' }, ports: [{ port: 80, targetPort: 80 }] },
  });
  store.create('networking.k8s.io/ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'hello', namespace },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: HOST,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'hello', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  });
  for (let index = 0; index < pods; index += 1) addPod(store, `hello-${index}`, image);
}

export function addPod(
  store: ObjectStore,
  name: string,
  image: string,
  container: Record<string, unknown> = {},
): void {
  const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: 'hello' } },
    spec: {
      nodeName: `${store.name}-0`,
      containers: [
        {
          name: 'hello',
          image,
          env: [
            { name: 'POD_NAME', ...field('metadata.name') },
            { name: 'NODE_NAME', ...field('spec.nodeName') },
            { name: 'CLUSTER_NAME', value: store.name },
          ],
          volumeMounts: [{ name: 'template', mountPath: '/etc/nginx/templates' }],
          ...container,
        },
      ],
      volumes: [{ name: 'template', configMap: { name: 'hello-template' } }],
    },
  };
  store.create('core/pods', pod);
  store.update('core/pods', namespace, name, (draft) => {
    draft.status = { phase: 'Running', podIP: '10.1.0.9', conditions: [{ type: 'Ready', status: 'True' }] };
  });
}

/** At once, as a node that is deleted takes its pods. */
export function removePods(store: MemoryStore): void {
  for (const { metadata } of store.list('core/pods'))
    store.remove('core/pods', namespace, metadata.name, { gracePeriodSeconds: 0 });
}
