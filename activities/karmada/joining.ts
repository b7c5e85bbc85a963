/**
 * Joining a member in push mode: the API calls of `karmadactl join`, each an ensure, so that a lost attempt is
 * gone on with. Learned from karmada pkg/karmadactl/join and pkg/util/credential.go (v1.18).
 */
import type { Permission } from '../../dsl/kind.ts';
import { transient } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { KubeObject, Plane } from '../ports/plane.ts';

export const CLUSTER_NAMESPACE = 'karmada-cluster';
const CLUSTER_API = 'cluster.karmada.io/v1alpha1';
const RBAC = 'rbac.authorization.k8s.io/v1';
const SYSTEM = 'karmada.io/system';
const LABELS = { [SYSTEM]: 'true' };
/** Between two looks whether the token controller has filled a Secret. */
const TOKEN_MS = 200;
/** Between two looks whether Cluster and namespace are gone; and how long an attempt looks. */
const GONE_MS = 300;
const UNJOIN_MS = 15_000;

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
  const secrets = await handOver(name, context);
  // Karmada looks for them as soon as the Cluster is there.
  await store(secrets, context);
  const cluster = await ensureCluster(federation, clusterOf(name, id, context, like), signal);
  await store(secrets, context, cluster);
}

/** The member's accounts, rights and tokens, and what the federation is given of them. */
async function handOver(name: string, context: StepContext): Promise<KubeObject[]> {
  const member = context.ports.member(name);
  const { signal } = context;
  await ensureNamespace(member, signal);
  const accounts = accountsOf(name);
  await ensureRights(member, accounts, signal);
  const impersonator = await credentialOf(member, accounts.impersonator, context);
  const work = await credentialOf(member, accounts.work, context);
  await ensureNamespace(context.ports.federation(), signal);
  return [
    secret(`${name}-impersonator`, { token: impersonator.token }),
    secret(name, { token: work.token, ...(work.authority ? { caBundle: work.authority } : {}) }),
  ];
}

/**
 * Hands the federation what the member takes now; the Cluster, and what it carries, stays as it is. By a patch where
 * a Secret is there: whoever joined the member owns its fields.
 */
export async function renewCredential(name: string, context: StepContext): Promise<void> {
  const federation = context.ports.federation();
  const { signal } = context;
  const secrets = await handOver(name, context);
  const cluster = await federation.read(clusterRef(name), signal);
  for (const one of secrets) {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: CLUSTER_NAMESPACE, name: one.metadata.name };
    if (await federation.read(ref, signal)) await federation.patch(ref, { data: one['data'] }, signal);
    else await store([one], context, cluster);
  }
}

/** With a Cluster they are its own, and go with it. */
async function store(secrets: KubeObject[], context: StepContext, cluster?: KubeObject): Promise<void> {
  const ownerReferences = cluster && [owner(cluster)];
  for (const one of secrets) {
    const metadata = { ...one.metadata, ...(ownerReferences && { ownerReferences }) };
    await context.ports.federation().apply({ ...one, metadata }, context.signal);
  }
}

async function ensureNamespace(plane: Plane, signal: AbortSignal): Promise<void> {
  await plane.create(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CLUSTER_NAMESPACE, labels: LABELS } },
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
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: CLUSTER_NAMESPACE, labels: LABELS },
      },
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
      subjects: [{ kind: 'ServiceAccount', name: work, namespace: CLUSTER_NAMESPACE }],
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
        namespace: CLUSTER_NAMESPACE,
        annotations: { 'kubernetes.io/service-account.name': account },
      },
      type: 'kubernetes.io/service-account-token',
    },
    context.signal,
  );
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: CLUSTER_NAMESPACE, name };
  for (const untilMs = Date.now() + 10_000; Date.now() < untilMs; ) {
    const data: { token?: string; 'ca.crt'?: string } =
      (await member.read(ref, context.signal))?.['data'] ?? {};
    if (data.token) return { token: data.token, ...(data['ca.crt'] ? { authority: data['ca.crt'] } : {}) };
    await context.sleep(TOKEN_MS);
  }
  throw transient({
    code: 'FD3313',
    where: member.name,
    what: `no token was put into the Secret ${CLUSTER_NAMESPACE}/${name} in 10 s`,
    remedy: 'Check the service account token controller of this cluster (kube-controller-manager)',
  });
}

const secret = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: CLUSTER_NAMESPACE, labels: LABELS },
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
      secretRef: { namespace: CLUSTER_NAMESPACE, name },
      impersonatorSecretRef: { namespace: CLUSTER_NAMESPACE, name: `${name}-impersonator` },
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

/**
 * Takes the member out and what join made on it away; Karmada removes the Works. False when it is not all gone at
 * the end of an attempt.
 */
export async function unjoinMember(name: string, context: StepContext): Promise<boolean> {
  const untilMs = Date.now() + UNJOIN_MS;
  while (!(await takeOut(name, context))) {
    if (Date.now() >= untilMs) return false;
    await context.sleep(GONE_MS);
  }
  return true;
}

async function takeOut(name: string, context: StepContext): Promise<boolean> {
  const federation = context.ports.federation();
  const { signal } = context;
  await federation.remove(clusterRef(name), signal);
  if (await federation.read(clusterRef(name), signal)) return false;
  const member = context.ports.member(name);
  const { work, impersonator, role } = accountsOf(name);
  await member.remove({ apiVersion: RBAC, kind: 'ClusterRoleBinding', name: role }, signal);
  await member.remove({ apiVersion: RBAC, kind: 'ClusterRole', name: role }, signal);
  for (const account of [work, impersonator]) {
    await member.remove(
      { apiVersion: 'v1', kind: 'Secret', namespace: CLUSTER_NAMESPACE, name: account },
      signal,
    );
    await member.remove(
      { apiVersion: 'v1', kind: 'ServiceAccount', namespace: CLUSTER_NAMESPACE, name: account },
      signal,
    );
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: CLUSTER_NAMESPACE };
  await member.remove(namespace, signal);
  // While it is going nothing can be created in it: whoever joins next would be forbidden to.
  return (await member.read(namespace, signal)) === undefined;
}

/**
 * Works that Karmada keeps on a member: unjoining would take these away. Not those of Karmada's own, which every
 * member has from the start (its impersonator's role and binding).
 */
export async function worksOn(name: string, context: StepContext): Promise<string[]> {
  const works = await context.ports
    .federation()
    .list('work.karmada.io/v1alpha1', 'Work', context.signal, `karmada-es-${name}`);
  return works.filter((work) => !isOwn(work)).map((work) => work.metadata.name);
}

function isOwn(work: KubeObject): boolean {
  const manifests: KubeObject[] = work['spec']?.workload?.manifests ?? [];
  return manifests.length > 0 && manifests.every(({ metadata }) => metadata.labels?.[SYSTEM] === 'true');
}

/** A member that is joined already is asked whether it takes the token that the federation has of it. */
export const joinPermissions = (cluster: string): Permission[] => [
  ...membershipPermissions(cluster),
  { plane: 'federation', group: 'cluster.karmada.io', resource: 'clusters', verbs: ['list'] },
  { plane: cluster, group: 'authentication.k8s.io', resource: 'tokenreviews', verbs: ['create'] },
];

/**
 * The rights for joining and, by what is deleted, for unjoining. Who joins makes Karmada an administrator of the
 * member: that takes `escalate` and `bind`, and whoever has these could make himself one.
 */
export function membershipPermissions(cluster: string): Permission[] {
  const { work, impersonator, role } = accountsOf(cluster);
  const accounts = [work, impersonator];
  const on = (plane: string, group: string) => (resource: string, verbs: string[], names?: string[]) => ({
    plane,
    group,
    resource,
    verbs,
    ...(names && { names }),
  });
  const core = on(cluster, '');
  const rbac = on(cluster, 'rbac.authorization.k8s.io');
  const clusters = on('federation', 'cluster.karmada.io');
  return [
    core('namespaces', ['get'], ['kube-system', CLUSTER_NAMESPACE]),
    // Nothing on the member is asked in its namespace only: unjoining takes the namespace, and any Role in it, away.
    core('namespaces', ['delete'], [CLUSTER_NAMESPACE]),
    core('secrets', ['get', 'delete'], accounts),
    core('serviceaccounts', ['delete'], accounts),
    ...['namespaces', 'secrets', 'serviceaccounts'].map((resource) => core(resource, ['create'])),
    rbac('clusterroles', ['create', 'escalate']),
    rbac('clusterroles', ['bind', 'delete'], [role]),
    rbac('clusterrolebindings', ['create']),
    rbac('clusterrolebindings', ['delete'], [role]),
    on('federation', '')('namespaces', ['create']),
    {
      ...on('federation', '')('secrets', ['get', 'create', 'patch'], [cluster, `${cluster}-impersonator`]),
      namespace: CLUSTER_NAMESPACE,
    },
    clusters('clusters', ['create']),
    clusters('clusters', ['get', 'delete'], [cluster]),
    on('federation', 'work.karmada.io')('works', ['list']),
  ];
}
