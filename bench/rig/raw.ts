/** Writes that no step makes: status, as a controller writes it. */
import type { KubeObject } from '../../activities/ports/plane.ts';
import { accept } from '../../adapters/kubernetes/answer.ts';
import { openApi } from '../../adapters/kubernetes/api.ts';
import { openKubeConfig } from '../../adapters/kubernetes/kubeconfig.ts';
import type { Fleet } from '../../dsl/fleet.ts';

export interface Raw {
  get(path: string): Promise<KubeObject>;
  post(path: string, body: object): Promise<KubeObject>;
  /** Merge patch; a path may end in `/status`. */
  patch(path: string, body: object): Promise<KubeObject>;
}

/** @param plane member, or `federation`. */
export function openRaw(fleet: Fleet, plane: string): Raw {
  const address = plane === 'federation' ? fleet.federation! : fleet.members[plane]!;
  const { config, origin } = openKubeConfig(address, plane, fleet);
  const api = openApi(plane, config, origin);
  async function send(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) {
    const asked = { verb: method, object: path };
    const typed = method === 'PATCH' ? { contentType: 'application/merge-patch+json' } : {};
    const request = { method, path, ...(body && { body }), ...typed };
    return accept(await api.send(asked, request, AbortSignal.timeout(30_000)), { plane, ...asked });
  }
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    patch: (path, body) => send('PATCH', path, body),
  };
}
