/** The command lines of etcd, Kubernetes and kwok: one plane each, all on 127.0.0.1. */
import { readAccess } from './edge/access.ts';
import type { Layout, PortOf } from './layout.ts';
import { FEDERATION, MEMBERS, PLANES } from './layout.ts';
import { forgetLeases } from './leases.ts';
import { FRONT_PROXY } from './pki.ts';
import { asked, type ProbeTrust } from './ready.ts';
import type { ProcessSpec } from './supervise.ts';

export interface Wiring {
  files: Layout;
  port: PortOf;
  /** Path of an executable by its name. */
  binary(name: string): string;
}

const ADDRESS = '127.0.0.1';

/** Names of the ports that `keptPorts` must hold for the functions of this file. */
export const kubernetesPorts = [
  'etcd',
  'etcd-peer',
  ...PLANES.flatMap((plane) => [`${plane}/kube-apiserver`, `${plane}/kube-controller-manager`]),
  ...MEMBERS.flatMap((member) => [`${member}/kube-scheduler`, `${member}/kwok`]),
];

/** What a probe of a plane's components trusts and shows. */
export const trustOf = ({ files }: Wiring, plane: string): ProbeTrust => ({
  authority: files.pki(plane, 'ca.crt'),
  certificate: files.pki(plane, 'admin.crt'),
  key: files.pki(plane, 'admin.key'),
});

export const etcdUrl = ({ port }: Wiring) => `http://${ADDRESS}:${port('etcd')}`;

/** One for all planes, each under its own prefix: 98 MiB instead of four times that. */
export function etcd(wiring: Wiring): ProcessSpec {
  const { files, port, binary } = wiring;
  const client = etcdUrl(wiring);
  const peer = `http://${ADDRESS}:${port('etcd-peer')}`;
  return {
    name: 'etcd',
    program: binary('etcd'),
    args: [
      '--name=rig',
      `--data-dir=${files.etcd}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=rig=${peer}`,
      // A power cut may cost the rig its memory; waiting for the disk at each write would cost every start.
      '--unsafe-no-fsync',
      '--auto-compaction-retention=10m',
      '--log-level=warn',
    ],
    isReady: asked(`${client}/readyz`),
  };
}

/** Where the components of the rig itself reach a plane; everybody else comes through its proxy. */
export const directServer = ({ port }: Wiring, plane: string) =>
  `https://${ADDRESS}:${port(`${plane}/kube-apiserver`)}`;

export function apiServer(wiring: Wiring, plane: string): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = `${plane}/kube-apiserver`;
  const pki = (file: string) => files.pki(plane, file);
  return {
    name,
    program: binary('kube-apiserver'),
    args: [
      `--etcd-servers=${etcdUrl(wiring)}`,
      `--etcd-prefix=/${plane}`,
      ...listening(port(name)),
      `--advertise-address=${ADDRESS}`,
      // Service `kubernetes` would get an endpoint on the loopback, which validation refuses.
      '--endpoint-reconciler-type=none',
      `--client-ca-file=${pki('ca.crt')}`,
      ...serving(files, plane),
      '--authorization-mode=Node,RBAC',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki('service-account.pub')}`,
      `--service-account-signing-key-file=${pki('service-account.key')}`,
      `--service-cluster-ip-range=10.${100 + PLANES.indexOf(plane as (typeof PLANES)[number])}.0.0/16`,
      '--allow-privileged=true',
      '--profiling=false',
      ...(plane === FEDERATION ? federationFlags(pki) : []),
    ],
    isReady: asked(`${directServer(wiring, plane)}/readyz`, trustOf(wiring, plane)),
  };
}

/** As in Karmada's own manifest of its API server. */
const federationFlags = (pki: (file: string) => string): string[] => [
  '--enable-bootstrap-token-auth=true',
  '--disable-admission-plugins=StorageObjectInUseProtection,ServiceAccount',
  `--proxy-client-cert-file=${pki(`${FRONT_PROXY}.crt`)}`,
  `--proxy-client-key-file=${pki(`${FRONT_PROXY}.key`)}`,
  `--requestheader-client-ca-file=${pki('ca.crt')}`,
  `--requestheader-allowed-names=${FRONT_PROXY}`,
  '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  '--requestheader-group-headers=X-Remote-Group',
  '--requestheader-username-headers=X-Remote-User',
];

const memberControllers = [
  'clusterrole-aggregation',
  'daemonset',
  'deployment',
  'disruption',
  'endpointslice',
  'garbage-collector',
  'job',
  'namespace',
  'node-lifecycle',
  'pod-garbage-collector',
  'replicaset',
  'root-ca-certificate-publisher',
  'serviceaccount',
  'serviceaccount-token',
  'statefulset',
  'taint-eviction',
  'ttl-after-finished',
];
/** Karmada's own manifest: its Deployments are templates that nobody on this plane may act upon. */
const federationControllers = [
  'clusterrole-aggregation',
  'garbage-collector',
  'namespace',
  'serviceaccount-token',
  'ttl-after-finished',
];

export function controllerManager(wiring: Wiring, plane: string): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = `${plane}/kube-controller-manager`;
  const controllers = plane === FEDERATION ? federationControllers : memberControllers;
  return {
    name,
    program: binary('kube-controller-manager'),
    args: [
      ...client(files, plane, 'controller-manager'),
      ...listening(port(name)),
      ...serving(files, plane),
      '--leader-elect=false',
      `--controllers=${controllers.map((controller) => `${controller}-controller`).join(',')}`,
      `--service-account-private-key-file=${files.pki(plane, 'service-account.key')}`,
      `--root-ca-file=${files.pki(plane, 'ca.crt')}`,
      '--use-service-account-credentials=true',
      '--profiling=false',
    ],
    isReady: asked(`https://${ADDRESS}:${port(name)}/healthz`, trustOf(wiring, plane)),
  };
}

export function scheduler(wiring: Wiring, plane: string): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = `${plane}/kube-scheduler`;
  return {
    name,
    program: binary('kube-scheduler'),
    args: [
      ...client(files, plane, 'scheduler'),
      ...listening(port(name)),
      ...serving(files, plane),
      '--leader-elect=false',
      '--profiling=false',
    ],
    isReady: asked(`https://${ADDRESS}:${port(name)}/readyz`, trustOf(wiring, plane)),
  };
}

/** Nodes with this label are as dead: kwok renews their leases no more. */
export const DOWN_LABEL = 'lab.firedrill.dev/down';

/** Plays the kubelets of a member: leases, and the life of pods by its stages. */
export function kwok(wiring: Wiring, member: string): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = `${member}/kwok`;
  return {
    name,
    program: binary('kwok'),
    before: () => forgetLeases(readAccess(files.kubeconfigOf(member, 'admin'), member)),
    args: [
      `--kubeconfig=${files.kubeconfigOf(member, 'admin')}`,
      `--config=${files.stages(member)}`,
      `--manage-nodes-with-label-selector=!${DOWN_LABEL}`,
      '--node-lease-duration-seconds=40',
      `--cidr=10.${200 + MEMBERS.indexOf(member as (typeof MEMBERS)[number])}.0.0/16`,
      `--server-address=${ADDRESS}:${port(name)}`,
    ],
    isReady: asked(`http://${ADDRESS}:${port(name)}/healthz`),
  };
}

const listening = (port: number): string[] => [`--bind-address=${ADDRESS}`, `--secure-port=${port}`];

const serving = (files: Layout, plane: string): string[] => [
  `--tls-cert-file=${files.pki(plane, 'server.crt')}`,
  `--tls-private-key-file=${files.pki(plane, 'server.key')}`,
];

/** The same kubeconfig for its own work and for judging who may ask it for metrics. */
function client(files: Layout, plane: string, user: string): string[] {
  const file = files.kubeconfigOf(plane, user);
  return ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
    (flag) => `--${flag}=${file}`,
  );
}
