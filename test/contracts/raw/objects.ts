/** Paths and small objects that many cases use. */
import type { Any, Api } from './api.ts';
import { until } from './case.ts';

export const CORE = '/api/v1/namespaces/{own}';
export const APPS = '/apis/apps/v1/namespaces/{own}';
export const CONFIG_MAPS = `${CORE}/configmaps`;
export const PODS = `${CORE}/pods`;
export const DEPLOYMENTS = `${APPS}/deployments`;
export const BUDGETS = '/apis/policy/v1/namespaces/{own}/poddisruptionbudgets';
export const LEASES = '/apis/coordination.k8s.io/v1/namespaces/{own}/leases';
export const RBAC = '/apis/rbac.authorization.k8s.io/v1';

export const configMap = (name: string, labels?: Record<string, string>): Any => ({
  metadata: { name, ...(labels && { labels }) },
  data: { a: '1' },
});

export const podSpec = (more: object = {}): Any => ({
  containers: [{ name: 'app', image: 'registry.example.com/app:1', ...more }],
});

export const pod = (name: string, labels: Record<string, string> = { app: 'a' }, spec: object = {}): Any => ({
  metadata: { name, labels },
  spec: { ...podSpec(), ...spec },
});

export const deployment = (name: string, replicas: number): Any => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec() },
  },
});

/** Creates a pod without a controller and waits until it is ready on a node. */
export async function readyPod(api: Api, name: string, spec: object = {}): Promise<void> {
  await api.post(PODS, pod(name, { app: 'a' }, spec));
  await until(
    () => api.get(`${PODS}/${name}`),
    ({ body }) => body.status?.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True'),
  );
}

/** A token of a service account that may do nothing that everybody may not. */
export async function strangersToken(api: Api, name = 'stranger'): Promise<string> {
  await api.post(`${CORE}/serviceaccounts`, { metadata: { name } });
  const asked = await api.post(`${CORE}/serviceaccounts/${name}/token`, { spec: {} });
  return asked.body.status.token;
}

/** Who owns which fields, in a form one can read: `manager Update: f:data.f:a`. */
export function managers(object: Any): string[] {
  return (
    (object.metadata.managedFields ?? [])
      // Controllers write when they come to it, before or after the look.
      .filter(({ manager }: Any) => manager !== 'kube-controller-manager')
      .map(({ manager, operation, subresource, fieldsV1 }: Any) => {
        const who = [manager, operation, subresource].filter(Boolean).join(' ');
        return `${who}: ${leaves(fieldsV1, '').sort().join(' ')}`;
      })
      .sort()
  );
}

function leaves(fields: Any, path: string): string[] {
  const inner = Object.entries(fields);
  if (inner.length === 0) return [path];
  return inner.flatMap(([name, below]) => (name === '.' ? [`${path}.`] : leaves(below, `${path}/${name}`)));
}
