/** The port `MemberCluster` over `@kubernetes/client-node`. */
import { KubeConfig } from '@kubernetes/client-node';
import { refused } from '../../activities/failure.ts';
import type { MemberCluster } from '../../activities/ports/member.ts';
import type { Target } from '../../activities/ports/requester.ts';
import { type KubeApi, openApi } from './api.ts';
import { cordonNode, listNodes, uncordonNode } from './nodes.ts';
import { type Origin, originOf } from './origin.ts';
import { createPlane } from './plane.ts';
import { evictPod, listPods, podLogs, watchPods } from './pods.ts';
import { listBudgets, readDeployment, watchDeployment } from './workloads.ts';

/** Nothing but its own agent reaches it: only its entry point can be asked; anything else is a mistake of ours. */
export function createMemberByReport(name: string, entry: () => Target): MemberCluster {
  const outOfReach = () =>
    refused({
      code: 'FD3034',
      where: name,
      what: 'its API is out of reach: the fleet file says mode: pull and gives no address',
      remedy: 'Go by the report of the federation, or give kubeconfig or server in the fleet file',
    });
  const config = new KubeConfig();
  const api: KubeApi = {
    name,
    config,
    origin: originOf(config),
    server: '',
    send: () => Promise.reject(outOfReach()),
  };
  const member = memberOver(api, entry);
  return {
    ...member,
    endpoint() {
      throw outOfReach();
    },
  };
}

/** @param entry resolves the entry point when it is asked for: a drill that sends nothing needs none. */
export function createMemberCluster(
  name: string,
  config: KubeConfig,
  entry: () => Target,
  origin?: Origin,
): MemberCluster {
  return memberOver(openApi(name, config, origin), entry);
}

function memberOver(api: KubeApi, entry: () => Target): MemberCluster {
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
    logs: (pod, signal) => podLogs(api, pod, signal),
    disruptionBudgets: (signal) => listBudgets(plane, signal),
    deployment: (namespace, deployment, signal) => readDeployment(plane, namespace, deployment, signal),
    watchDeployment: (namespace, deployment, observer, signal) =>
      watchDeployment(api, namespace, deployment, observer, signal),
  };
}
