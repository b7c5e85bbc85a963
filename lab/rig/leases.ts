/** The leases by which a member knows its nodes alive. */
import type { PlaneAccess } from './edge/access.ts';
import { createApiClient } from './edge/api-client.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/**
 * For a kwok that is about to start. Each has an identity of its own (`controllers.Identity`, random), and leaves
 * nodes and their pods alone while another holds their leases, up to 50 s; even of one that has expired it hears
 * too late. So there are to be none.
 */
export async function forgetLeases(member: PlaneAccess): Promise<void> {
  const client = createApiClient(member);
  try {
    await client.send('DELETE', LEASES);
  } finally {
    await client.close();
  }
}
