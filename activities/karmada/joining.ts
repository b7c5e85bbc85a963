/**
 * Joining a member in push mode: the API calls of `karmadactl join`, each an ensure, so that a lost attempt is
 * gone on with. Learned from karmada pkg/karmadactl/join and pkg/util/credential.go (v1.18).
 */
import { transient } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { KubeObject, Plane } from '../ports/plane.ts';

export const NAMESPACE = 'karmada-cluster';
const CLUSTER_API = 'cluster.karmada.io/v1alpha1';
const RBAC = 'rbac.authorization.k8s.io/v1';
const LABELS = { 'karmada.io/system': 'true' };
/** Between two looks whether the token controller has filled a Secret. */
const TOKEN_MS = 200;

export const clusterRef = (name: string) => ({ apiVersion: CLUSTER_API, kind: 'Cluster', name });

export const accountsOf = (cluster: string) => ({
  work: `karmada-${cluster}`,
  impersonator: 'karmada-impersonator',
  role: `karmada-controller-manager:karmada-${cluster}`,
});

interface Credential {
  token: string;
  authority?: string;
}

/** @param spec what the Cluster had before an unjoin: its region, taints … */
export async function joinMember(
  name: string,
  context: StepContext,
  like: { labels?: Record<string, string>; spec?: Record<string, unknown> } = {},
): Promise<void> {
  const member = context.ports.member(name);
  const federation = context.ports.federation();
  const { signal } = context;
  const id = (await member.read({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }, signal))
    ?.metadata.uid;
  await ensureNamespace(member, signal);
  const accounts = accountsOf(name);
  await ensureRights(member, accounts, signal);
  const impersonator = await credentialOf(member, accounts.impersonator, context);
  const work = await credentialOf(member, accounts.work, context);
  await ensureNamespace(federation, signal);
  const secrets = [
    secret(`${name}-impersonator`, { token: impersonator.token }),
    secret(name, { token: work.token, ...(work.authority ? { caBundle: work.authority } : {}) }),
  ];
  for (const one of secrets) await federation.apply(one, signal);
  const cluster = await ensureCluster(federation, clusterOf(name, id, context, like), signal);
  for (const one of secrets)
    await federation.apply(
      { ...one, metadata: { ...one.metadata, ownerReferences: [owner(cluster)] } },
      signal,
    );
}

async function ensureNamespace(plane: Plane, signal: AbortSignal): Promise<void> {
  await plane.create(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: LABELS } },
    signal,
  );
}

async function ensureRights(
  member: Plane,
  { work, impersonator, role }: ReturnType<typeof accountsOf>,
  signal: AbortSignal,
): Promise<void> {
  for (const name of [impersonator, work])
    await member.create(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE, labels: LABELS } },
      signal,
    );
  await member.create(
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: role, labels: LABELS },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['get'] },
      ],
    },
    signal,
  );
  await member.create(
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name: role, labels: LABELS },
      subjects: [{ kind: 'ServiceAccount', name: work, namespace: NAMESPACE }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    },
    signal,
  );
}

/** A token that does not expire: a Secret of the account's, which the member's token controller fills. */
async function credentialOf(member: Plane, account: string, context: StepContext): Promise<Credential> {
  const name = account;
  await member.create(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: LABELS,
        annotations: { 'kubernetes.io/service-account.name': account },
      },
      type: 'kubernetes.io/service-account-token',
    },
    context.signal,
  );
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name };
  for (const untilMs = Date.now() + 10_000; Date.now() < untilMs; ) {
    const data: { token?: string; 'ca.crt'?: string } =
      (await member.read(ref, context.signal))?.['data'] ?? {};
    if (data.token) return { token: data.token, ...(data['ca.crt'] ? { authority: data['ca.crt'] } : {}) };
    await context.sleep(TOKEN_MS);
  }
  throw transient({
    code: 'FD3313',
    where: member.name,
    what: `no token was put into the Secret ${NAMESPACE}/${name} in 10 s`,
    remedy: 'Check the service account token controller of this cluster (kube-controller-manager)',
  });
}

const secret = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: NAMESPACE, labels: LABELS },
  data,
});

function clusterOf(
  name: string,
  id: string | undefined,
  context: StepContext,
  like: { labels?: Record<string, string>; spec?: Record<string, unknown> },
): KubeObject {
  const { server, insecure } = context.ports.member(name).endpoint();
  const region = context.fleet.members[name]?.region;
  return {
    ...clusterRef(name),
    metadata: { name, ...(like.labels ? { labels: like.labels } : {}) },
    spec: {
      ...(region ? { region } : {}),
      ...like.spec,
      syncMode: 'Push',
      apiEndpoint: server,
      insecureSkipTLSVerification: insecure,
      secretRef: { namespace: NAMESPACE, name },
      impersonatorSecretRef: { namespace: NAMESPACE, name: `${name}-impersonator` },
      ...(id ? { id } : {}),
    },
  } as KubeObject;
}

async function ensureCluster(
  federation: Plane,
  cluster: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject> {
  const created = await federation.create(cluster, signal);
  return created ?? (await federation.read(clusterRef(cluster.metadata.name), signal)) ?? cluster;
}

const owner = (cluster: KubeObject) => ({
  apiVersion: CLUSTER_API,
  kind: 'Cluster',
  name: cluster.metadata.name,
  uid: cluster.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** Takes the member out and what join made on it away; Karmada removes the Works. False while it is not gone. */
export async function unjoinMember(name: string, context: StepContext): Promise<boolean> {
  const federation = context.ports.federation();
  const { signal } = context;
  await federation.remove(clusterRef(name), signal);
  if (await federation.read(clusterRef(name), signal)) return false;
  const member = context.ports.member(name);
  const { work, impersonator, role } = accountsOf(name);
  await member.remove({ apiVersion: RBAC, kind: 'ClusterRoleBinding', name: role }, signal);
  await member.remove({ apiVersion: RBAC, kind: 'ClusterRole', name: role }, signal);
  for (const account of [work, impersonator]) {
    await member.remove({ apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: account }, signal);
    await member.remove(
      { apiVersion: 'v1', kind: 'ServiceAccount', namespace: NAMESPACE, name: account },
      signal,
    );
  }
  await member.remove({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE }, signal);
  return true;
}

/** Works that Karmada keeps on a member: unjoining would take these away. */
export async function worksOn(name: string, context: StepContext): Promise<string[]> {
  const works = await context.ports
    .federation()
    .list('work.karmada.io/v1alpha1', 'Work', context.signal, `karmada-es-${name}`);
  return works.map((work) => work.metadata.name);
}

/** The rights for joining; unjoining deletes the same. */
export function joinPermissions(cluster: string) {
  const verbs = ['get', 'create', 'delete'];
  return [
    ...['namespaces', 'serviceaccounts', 'secrets'].map((resource) => ({
      plane: cluster,
      group: '',
      resource,
      verbs,
    })),
    ...['clusterroles', 'clusterrolebindings'].map((resource) => ({
      plane: cluster,
      group: 'rbac.authorization.k8s.io',
      resource,
      verbs,
    })),
    { plane: 'federation', group: '', resource: 'namespaces', verbs: ['create'] },
    { plane: 'federation', group: '', resource: 'secrets', verbs: ['create', 'patch'], namespace: NAMESPACE },
    {
      plane: 'federation',
      group: 'cluster.karmada.io',
      resource: 'clusters',
      verbs: ['get', 'list', 'create', 'delete'],
    },
    { plane: 'federation', group: 'work.karmada.io', resource: 'works', verbs: ['list'] },
  ];
}
