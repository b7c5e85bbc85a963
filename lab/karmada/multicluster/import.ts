/** service-import: a ServiceImport on the federation → the Service `derived-NAME`, which goes where the import goes. */
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import { IMPORTS, SERVICES } from './apis.ts';
import { derivedName } from './marks.ts';

export function startServiceImports(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'service-import', timings.detectMs, (key) => {
    derive(context, ...splitKey(key));
    return undefined;
  });
  const stop = inform(federation, [IMPORTS], ({ object }) => queue.add(keyOf(object)));
  return () => {
    stop();
    queue.stop();
  };
}

interface ServicePort {
  name?: string;
  protocol?: string;
  port: number;
  appProtocol?: string;
}

function derive({ federation }: Context, namespace: string | undefined, name: string): void {
  const imported = federation.get(IMPORTS, namespace, name);
  const derived = derivedName(name);
  const there = federation.get(SERVICES, namespace, derived) !== undefined;
  if (!imported) {
    if (there) federation.remove(SERVICES, namespace, derived);
    return;
  }
  // Karmada derives nothing from a headless one.
  if (imported.metadata.deletionTimestamp || imported.spec?.type !== 'ClusterSetIP') return;
  const ports = ((imported.spec.ports ?? []) as ServicePort[]).map((given) => ({
    ...(given.name !== undefined && { name: given.name }),
    ...(given.protocol !== undefined && { protocol: given.protocol }),
    port: given.port,
    ...(given.appProtocol !== undefined && { appProtocol: given.appProtocol }),
  }));
  const ingress = ((imported.spec.ips ?? []) as string[]).map((ip) => ({ ip }));
  const status = { loadBalancer: ingress.length > 0 ? { ingress } : {} };
  if (!there)
    federation.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: derived, ...(namespace !== undefined && { namespace }) },
      spec: { type: 'ClusterIP', ports },
    });
  federation.update(SERVICES, namespace, derived, (service) => {
    service.spec.ports = ports;
    service.status = status;
  });
}
