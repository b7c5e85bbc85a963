/** Where the parts of an access stand, in words: a remedy must name the file and the entry in it. */
import type { KubeConfig } from '@kubernetes/client-node';

export interface Origin {
  /** E.g. `cluster "aks1" of /home/drill/.kube/config`. */
  cluster: string;
  /** E.g. `user "clusterUser_aks1" of /home/drill/.kube/config`. */
  user: string;
  /** The file itself. */
  file: string;
}

/** @param file the kubeconfig, several joined by commas, or the fleet file when it gives server and token. */
export function originOf(config: KubeConfig, file = 'its kubeconfig'): Origin {
  const context = config.getContextObject(config.getCurrentContext());
  return {
    cluster: `cluster "${context?.cluster ?? ''}" of ${file}`,
    user: `user "${context?.user ?? ''}" of ${file}`,
    file,
  };
}
