/** The planes of a running rig, by the kubeconfig that FIREDRILL_RIG names; `npm run test:rig` sets it. */

import type { Connection } from '../contracts/raw/connection.ts';
import { connectionsOf } from '../contracts/raw/kubeconfig.ts';

export function rigKubeconfig(): string {
  const file = process.env['FIREDRILL_RIG'];
  if (!file) throw new Error('FIREDRILL_RIG is not set: run these tests by `npm run test:rig`');
  return file;
}

export function rigConnections(): Record<'member' | 'federation', Connection> {
  const of = connectionsOf(rigKubeconfig());
  return { member: of('aks1'), federation: of('federation') };
}
