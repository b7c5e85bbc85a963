/** A token of a ServiceAccount, by a Secret that the token controller fills: also on a federation, which has one. */
import type { Plane } from '../../activities/ports/plane.ts';
import type { Account } from '../../dsl/roles.ts';

const { signal } = new AbortController();

export async function tokenOf(plane: Plane, { namespace, name }: Account): Promise<string> {
  const secret = { apiVersion: 'v1', kind: 'Secret' };
  const annotations = { 'kubernetes.io/service-account.name': name };
  await plane.create(
    { ...secret, type: 'kubernetes.io/service-account-token', metadata: { namespace, name, annotations } },
    signal,
  );
  for (;;) {
    const token = (await plane.read({ ...secret, namespace, name }, signal))?.['data']?.token;
    if (token) return Buffer.from(token, 'base64').toString();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
