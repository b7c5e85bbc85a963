/** Who is who on each plane: its own authority, its service account keys, and a kubeconfig for each component. */
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { createAuthority, type Pair, type Subject, serviceAccountKeys } from './certificates.ts';
import { FEDERATION, type Layout, PLANES, writePrivate } from './layout.ts';

/** Users of a plane, by the name of their kubeconfig. */
const users: Record<string, Subject> = {
  admin: { name: 'rig-admin', organizations: ['system:masters'] },
  'controller-manager': { name: 'system:kube-controller-manager' },
  scheduler: { name: 'system:kube-scheduler' },
};

/** As the aggregator names itself to the API servers behind it (`--requestheader-allowed-names`). */
export const FRONT_PROXY = 'front-proxy-client';

/** Host names that Karmada's own servers are asked by, besides 127.0.0.1. */
const karmadaNames = ['karmada-aggregated-apiserver', 'karmada-webhook'].flatMap((service) => [
  `${service}.karmada-system.svc`,
  `${service}.karmada-system.svc.cluster.local`,
]);

/** Makes what is not there yet; certificates outlive a stop, as they do on a cluster. */
export async function ensurePki(files: Layout): Promise<void> {
  for (const plane of PLANES) {
    if (existsSync(files.pki(plane, 'complete'))) continue;
    await makePki(files, plane);
    writePrivate(files.pki(plane, 'complete'), '');
  }
}

async function makePki(files: Layout, plane: string): Promise<void> {
  const authority = await createAuthority(`rig ${plane}`);
  const write = (file: string, text: string) => writePrivate(files.pki(plane, file), text);
  const writePair = (name: string, { certificate, key }: Pair) => {
    write(`${name}.crt`, certificate);
    write(`${name}.key`, key);
  };
  const keys = serviceAccountKeys();
  write('ca.crt', authority.certificate);
  write('service-account.key', keys.privateKey);
  write('service-account.pub', keys.publicKey);
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  writePair(
    'server',
    await authority.server(plane, plane === FEDERATION ? [...names, ...karmadaNames] : names),
  );
  if (plane === FEDERATION) writePair(FRONT_PROXY, await authority.client({ name: FRONT_PROXY }));
  for (const [user, subject] of Object.entries(users)) writePair(user, await authority.client(subject));
}

/**
 * Written at every start: ports may have changed.
 *
 * @param outside address by plane for those who are not part of the rig; without one, they cannot reach it.
 */
export function writeKubeconfigs(
  files: Layout,
  direct: (plane: string) => string,
  outside: ReadonlyMap<string, string>,
): void {
  for (const plane of PLANES)
    for (const user of Object.keys(users))
      writePrivate(files.kubeconfigOf(plane, user), kubeconfig([contextOf(files, plane, user, direct)]));
  const reachable = PLANES.filter((plane) => outside.has(plane));
  const contexts = reachable.map((plane) =>
    contextOf(files, plane, 'admin', (name) => outside.get(name) as string),
  );
  writePrivate(files.kubeconfig, kubeconfig(contexts));
}

function contextOf(files: Layout, plane: string, user: string, server: (plane: string) => string): Context {
  const read = (file: string) => readFileSync(files.pki(plane, file), 'utf8');
  return {
    plane,
    server: server(plane),
    authority: read('ca.crt'),
    pair: { certificate: read(`${user}.crt`), key: read(`${user}.key`) },
  };
}

/** How one plane is reached; texts are PEM. */
interface Context {
  plane: string;
  server: string;
  authority: string;
  pair: Pair;
}

/** One context a plane, named as the plane. */
function kubeconfig(contexts: Context[]): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts.at(-1)?.plane,
    clusters: contexts.map(({ plane, server, authority }) => ({
      name: plane,
      cluster: { server, 'certificate-authority-data': base64(authority) },
    })),
    users: contexts.map(({ plane, pair }) => ({
      name: plane,
      user: { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) },
    })),
    contexts: contexts.map(({ plane }) => ({ name: plane, context: { cluster: plane, user: plane } })),
  });
}
