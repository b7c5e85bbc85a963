/** The command lines of Karmada's own processes. */

import { directServer, etcdUrl, trustOf, type Wiring } from './kubernetes.ts';
import { FEDERATION, MEMBERS } from './layout.ts';
import { asked } from './ready.ts';
import type { ProcessSpec } from './supervise.ts';

const ADDRESS = '127.0.0.1';

export const karmadaPorts = [
  'karmada-aggregated-apiserver',
  'karmada-webhook',
  'karmada-webhook/health',
  'karmada-controller-manager/health',
  'karmada-scheduler/health',
  'karmada-descheduler/health',
  ...MEMBERS.flatMap((member) => [
    `${member}/karmada-agent/health`,
    `${member}/karmada-scheduler-estimator`,
    `${member}/karmada-scheduler-estimator/health`,
  ]),
];

export function aggregatedApiServer(wiring: Wiring): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = 'karmada-aggregated-apiserver';
  const admin = files.kubeconfigOf(FEDERATION, 'admin');
  return {
    name,
    program: binary(name),
    args: [
      `--kubeconfig=${admin}`,
      `--authentication-kubeconfig=${admin}`,
      `--authorization-kubeconfig=${admin}`,
      `--etcd-servers=${etcdUrl(wiring)}`,
      '--etcd-prefix=/karmada-aggregated',
      `--bind-address=${ADDRESS}`,
      `--secure-port=${port(name)}`,
      `--tls-cert-file=${files.pki(FEDERATION, 'server.crt')}`,
      `--tls-private-key-file=${files.pki(FEDERATION, 'server.key')}`,
      '--audit-log-path=',
      '--profiling=false',
    ],
    isReady: asked(`https://${ADDRESS}:${port(name)}/readyz`, trustOf(wiring, FEDERATION)),
  };
}

export function webhook(wiring: Wiring): ProcessSpec {
  const { files, port, binary } = wiring;
  return {
    name: 'karmada-webhook',
    program: binary('karmada-webhook'),
    args: [
      ...common(wiring, 'karmada-webhook', ['MultiClusterService=true']),
      `--bind-address=${ADDRESS}`,
      `--secure-port=${port('karmada-webhook')}`,
      `--cert-dir=${files.pki(FEDERATION, 'webhook')}`,
      // Without it a ClusterTaintPolicy with NoExecute is refused; with it, preflight has something to find.
      '--allow-no-execute-taint-policy=true',
    ],
    // Its health port knows no path; this one is on the server itself, as in Karmada's manifest.
    isReady: asked(`https://${ADDRESS}:${port('karmada-webhook')}/readyz`, trustOf(wiring, FEDERATION)),
  };
}

/** Karmada's switches that no API shows; both are needed for a NoExecute taint to move anything. */
export interface KarmadaFlags {
  failover: boolean;
  noExecuteTaintEviction: boolean;
  multiClusterService: boolean;
}

export function karmadaControllerManager(wiring: Wiring, flags: KarmadaFlags): ProcessSpec {
  const name = 'karmada-controller-manager';
  return {
    name,
    program: wiring.binary(name),
    args: [
      ...common(wiring, name, gatesOf(flags)),
      '--leader-elect=false',
      `--enable-no-execute-taint-eviction=${flags.noExecuteTaintEviction}`,
    ],
    isReady: ready(wiring, name),
  };
}

export function karmadaScheduler(
  wiring: Wiring,
  flags: KarmadaFlags,
  { estimators }: { estimators: boolean },
): ProcessSpec {
  const name = 'karmada-scheduler';
  return {
    name,
    program: wiring.binary(name),
    args: [
      ...common(wiring, name, gatesOf(flags)),
      '--leader-elect=false',
      `--enable-scheduler-estimator=${estimators}`,
      ...(estimators ? estimatorClient(wiring) : []),
    ],
    isReady: ready(wiring, name),
  };
}

/** In the member, as far as its place in the network goes: it reaches the member's API past the door. */
export function agent(wiring: Wiring, member: string, flags: KarmadaFlags): ProcessSpec {
  const { files, binary } = wiring;
  const name = `${member}/karmada-agent`;
  return {
    name,
    program: binary('karmada-agent'),
    args: [
      `--karmada-kubeconfig=${files.kubeconfigOf(FEDERATION, 'admin')}`,
      `--kubeconfig=${files.kubeconfigOf(member, 'admin')}`,
      `--cluster-name=${member}`,
      `--cluster-api-endpoint=${directServer(wiring, member)}`,
      // Karmada is told no credential: nobody but the agent acts on the member.
      '--report-secrets=None',
      '--leader-elect=false',
      ...observed(wiring, name),
      `--feature-gates=MultiClusterService=${flags.multiClusterService}`,
    ],
    isReady: ready(wiring, name),
  };
}

/** The port that scheduler and descheduler ask for; each estimator's Service leads it to its own. */
export const ESTIMATOR_PORT = 10_352;

export function estimator(wiring: Wiring, member: string): ProcessSpec {
  const { files, port, binary } = wiring;
  const name = `${member}/karmada-scheduler-estimator`;
  return {
    name,
    program: binary('karmada-scheduler-estimator'),
    args: [
      `--kubeconfig=${files.kubeconfigOf(member, 'admin')}`,
      `--cluster-name=${member}`,
      `--server-port=${port(name)}`,
      // It listens on every address: only who has a certificate of the federation may ask.
      `--grpc-auth-cert-file=${files.pki(FEDERATION, 'server.crt')}`,
      `--grpc-auth-key-file=${files.pki(FEDERATION, 'server.key')}`,
      `--grpc-client-ca-file=${files.pki(FEDERATION, 'ca.crt')}`,
      ...observed(wiring, name),
    ],
    isReady: ready(wiring, name),
  };
}

export function descheduler(wiring: Wiring): ProcessSpec {
  const { files, binary } = wiring;
  const name = 'karmada-descheduler';
  return {
    name,
    program: binary(name),
    args: [
      `--kubeconfig=${files.kubeconfigOf(FEDERATION, 'admin')}`,
      '--leader-elect=false',
      ...observed(wiring, name),
      ...estimatorClient(wiring),
    ],
    isReady: ready(wiring, name),
  };
}

const estimatorClient = ({ files }: Wiring): string[] => [
  `--scheduler-estimator-ca-file=${files.pki(FEDERATION, 'ca.crt')}`,
  `--scheduler-estimator-cert-file=${files.pki(FEDERATION, 'admin.crt')}`,
  `--scheduler-estimator-key-file=${files.pki(FEDERATION, 'admin.key')}`,
];

const gatesOf = ({ failover, multiClusterService }: KarmadaFlags): string[] => [
  `Failover=${failover}`,
  `MultiClusterService=${multiClusterService}`,
];

function common(wiring: Wiring, name: string, gates: string[]): string[] {
  return [
    `--kubeconfig=${wiring.files.kubeconfigOf(FEDERATION, 'admin')}`,
    ...observed(wiring, name),
    `--feature-gates=${gates.join(',')}`,
  ];
}

/** Left to themselves, Karmada's processes would open metrics on :8080 of every address. */
const observed = ({ port }: Wiring, name: string): string[] => [
  '--metrics-bind-address=0',
  `--health-probe-bind-address=${ADDRESS}:${port(`${name}/health`)}`,
];

const ready = ({ port }: Wiring, name: string) =>
  asked(`http://${ADDRESS}:${port(`${name}/health`)}/healthz`);
