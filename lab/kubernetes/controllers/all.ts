/** Which controllers run where. */
import type { Tokens } from '../tokens.ts';
import { accountTokenController } from './account-token.ts';
import { type Cluster, startController } from './controller.ts';
import { customResourceController } from './custom-resource.ts';
import { daemonSetController } from './daemonset.ts';
import { deploymentController } from './deployment.ts';
import { disruptionController } from './disruption.ts';
import { endpointSliceController } from './endpointslice.ts';
import { kubeletController } from './kubelet.ts';
import { namespaceController } from './namespace.ts';
import { nodeController } from './node.ts';
import { podGcController } from './pod-gc.ts';
import { replicaSetController } from './replicaset.ts';
import { schedulerController } from './scheduler.ts';
import { serviceAccountController } from './service-account.ts';
import { staticPodController } from './static-pod.ts';

/** As Karmada's own manifests run the controller manager of a control plane: no workloads. */
export function startPlaneControllers(plane: Cluster, tokens: Tokens): () => void {
  const controllers = [
    namespaceController(plane),
    accountTokenController(plane, tokens),
    customResourceController(plane),
  ];
  return together(controllers.map((controller) => startController(plane, controller)));
}

/** The ingress controller is the edge's: `lab/edge`. */
export function startMemberControllers(member: Cluster, tokens: Tokens): () => void {
  const controllers = [
    serviceAccountController(member),
    nodeController(member),
    staticPodController(member),
    daemonSetController(member),
    deploymentController(member),
    replicaSetController(member),
    schedulerController(member),
    kubeletController(member),
    endpointSliceController(member),
    disruptionController(member),
    podGcController(member),
  ];
  const stops = controllers.map((controller) => startController(member, controller));
  return together([startPlaneControllers(member, tokens), ...stops]);
}

function together(stops: (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop();
  };
}
