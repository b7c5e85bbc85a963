/** The port `MemberCluster` over `@kubernetes/client-node`. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { MemberCluster } from '../../activities/ports/member.ts';
import type { Target } from '../../activities/ports/requester.ts';
import { openApi } from './api.ts';
import { cordonNode, listNodes, uncordonNode } from './nodes.ts';
import type { Origin } from './origin.ts';
import { createPlane } from './plane.ts';
import { evictPod, listPods, watchPods } from './pods.ts';
import { listBudgets, readDeployment, watchDeployment } from './workloads.ts';

/** @param entry resolves the entry point when it is asked for: a drill that sends nothing needs none. */
export function createMemberCluster(
  name: string,
  config: KubeConfig,
  entry: () => Target,
  origin?: Origin,
): MemberCluster {
  const api = openApi(name, config, origin);
  const plane = createPlane(api);
  return {
    ...plane,
    entry,
    nodes: (signal) => listNodes(plane, signal),
    cordon: (node, marker, signal) => cordonNode(plane, node, marker, signal),
    uncordon: (node, run, signal) => uncordonNode(plane, node, run, signal),
    pods: (filter, signal) => listPods(api, filter, signal),
    watchPods: (filter, observer, signal) => watchPods(api, filter, observer, signal),
    evict: (pod, options, signal) => evictPod(api, pod, options, signal),
    disruptionBudgets: (signal) => listBudgets(plane, signal),
    deployment: (namespace, deployment, signal) => readDeployment(plane, namespace, deployment, signal),
    watchDeployment: (namespace, deployment, observer, signal) =>
      watchDeployment(api, namespace, deployment, observer, signal),
  };
}
