/** FD3xxx: member clusters and the federation. */
import type { Errors } from './error.ts';

const access = {
  FD3001: {
    title: 'An API server cannot be reached',
    remedy: 'Check that it runs and that the worker may reach it; it is tried again meanwhile.',
  },
  FD3002: {
    title: 'An API server did not answer in time',
    remedy: 'Check the network to it; it is tried again meanwhile.',
  },
  FD3003: {
    title: 'The certificate of an API server is not trusted',
    remedy: 'Give its certificateAuthority in the fleet file, or correct the kubeconfig.',
  },
  FD3004: {
    title: 'An API server does not accept the credential (401)',
    remedy: 'Renew the token or certificate.',
  },
  FD3005: {
    title: 'A request is not allowed (403)',
    remedy: 'Grant the verb on the resource that the message names.',
  },
  FD3006: {
    title: 'An object was not found (404)',
    remedy: 'Create it first, or correct its name, namespace or apiVersion.',
  },
  FD3007: {
    title: 'Somebody else changed an object at the same time (409)',
    remedy: 'It is tried again; find who keeps writing it if it stays.',
  },
  FD3008: {
    title: 'An API server refused a request (400, 422)',
    remedy: 'Correct the object that it names.',
  },
  FD3009: { title: 'An API server is busy (429)', remedy: 'It is tried again; lower the load if it stays.' },
  FD3010: {
    title: 'An API server failed (5xx)',
    remedy: 'It is tried again; look at its log if it stays.',
  },
  FD3011: {
    title: 'There is no kubeconfig where the fleet file says',
    remedy: 'Start the lab, correct `kubeconfig` in the fleet file, or set KUBECONFIG.',
  },
  FD3012: { title: 'A kubeconfig cannot be read', remedy: '`kubectl config view` must show it.' },
  FD3013: {
    title: 'The fleet file does not say how to reach a plane',
    remedy: 'Give kubeconfig and context, server and token, or inCluster: true.',
  },
  FD3014: {
    title: 'A kubeconfig lacks the context',
    remedy: 'Correct `context` in the fleet file, or add the context to the kubeconfig.',
  },
  FD3015: {
    title: 'An API server does not know a kind',
    remedy: 'Correct apiVersion and kind, or install its CRD first.',
  },
  FD3016: {
    title: 'Fields of an applied object belong to somebody else',
    remedy: 'Leave them out of the manifest, or have their owner give them up.',
  },
  FD3017: { title: 'The fleet has no federation', remedy: 'Add `federation` to the fleet file.' },
  FD3018: { title: 'The fleet has no such member', remedy: 'Correct the name, or add it to the fleet file.' },
  FD3020: { title: 'A Plan without its manifests', remedy: 'Compile the runbook again.' },
} satisfies Errors;

/** An access that cannot work as it is written or as it is by now. */
const credentials = {
  FD3021: {
    title: 'The exec plugin of a kubeconfig cannot be run',
    remedy: 'Install the command where the worker runs, or correct users[].user.exec.',
  },
  FD3022: {
    title: 'A client certificate has ended',
    remedy: 'Fetch the kubeconfig again; the message says which user of which file.',
  },
  FD3023: { title: 'A token has ended', remedy: 'Make another one: kubectl create token.' },
  FD3024: {
    title: 'A credential ends soon',
    remedy: 'Renew it before the run: without it the drill cannot put back what it changed.',
  },
  FD3025: { title: 'A token is for another audience', remedy: 'Make one without --audience.' },
  FD3026: {
    title: 'The certificate of an API server has ended, or is not valid yet',
    remedy: 'Renew it on the cluster, or set the clock.',
  },
  FD3027: {
    title: 'The certificate of an API server is for other names',
    remedy: 'Use one of its names as address or as tls-server-name.',
  },
  FD3028: {
    title: 'A certificate, key or file of a kubeconfig cannot be used',
    remedy: 'Correct the entry that the message names.',
  },
  FD3029: {
    title: 'http where https is spoken, or the other way round',
    remedy: 'Correct scheme or port of the address.',
  },
  FD3030: { title: 'The name of an API server does not resolve', remedy: 'Correct the address, or the DNS.' },
  FD3031: {
    title: 'The exec plugin of a kubeconfig fails, hangs, or prints no credential',
    remedy: 'Run it by hand where the worker runs.',
  },
  FD3032: {
    title: 'What answers is no Kubernetes API server',
    remedy: 'Correct the address; a login page or a proxy may stand before it.',
  },
  FD3033: {
    title: 'A context of a kubeconfig names a cluster or user that is not in it',
    remedy: 'Correct the context, or add the entry.',
  },
} satisfies Errors;

/** Members in pull mode. */
const reported = {
  FD3034: {
    title: 'The API of a pull-mode member was asked for, and nothing reaches it',
    remedy: 'Use the report of the federation, or give kubeconfig or server in the fleet file.',
  },
  FD3041: {
    title: 'Room on a member is not known: its API is out of reach',
    remedy: 'Make sure of it yourself, inside.',
  },
  FD3331: {
    title: 'A pull-mode member has not registered',
    remedy: 'Run what `karmadactl token create --print-register-command` prints, inside the member.',
  },
  FD3332: {
    title: 'A member is joined in push mode, and the fleet file says pull',
    remedy: 'Correct `mode`, or unjoin it and register its agent.',
  },
} satisfies Errors;

const members = {
  FD3040: {
    title: "Survivors have no room for the victim's pods",
    remedy: 'Give them more room or the workload smaller requests: with application failover this cascades.',
  },
  FD3101: {
    title: 'A workload did not get the expected ready pods',
    remedy: 'Describe its pods on that member.',
  },
  FD3102: {
    title: "A member's entry point does not serve from its own pods",
    remedy: 'Check Ingress, ingressClassName, Service and the entry point in the fleet file.',
  },
  FD3103: {
    title: 'A member has no (such) IngressClass',
    remedy: 'Install an ingress controller, or correct ingressClassName in the fleet file.',
  },
  FD3201: { title: 'What a drain will hit', remedy: 'Nothing to do.' },
  FD3202: {
    title: 'A disruption budget can never be met',
    remedy: 'Relax the budget, drain fewer nodes, or use mode: delete.',
  },
  FD3203: { title: 'There is no node to take away', remedy: 'Bring the nodes back first.' },
  FD3204: {
    title: 'Pods could not be evicted in time',
    remedy: 'Give the step more time, relax the budget, or use mode: delete.',
  },
  FD3205: { title: 'A node to drain does not exist', remedy: 'Correct `nodes`, or leave it out.' },
} satisfies Errors;

const federation = {
  FD3301: {
    title: 'Replicas did not come to be where they were expected',
    remedy: 'Compare the ResourceBinding with the members; the series in the evidence shows what happened.',
  },
  FD3302: { title: 'Members are not (or still) Ready', remedy: 'Describe the Cluster on the federation.' },
  FD3303: {
    title: 'An override has not reached a member',
    remedy: "Check the OverridePolicy's resourceSelectors, targetCluster and overrideRules.",
  },
  FD3304: { title: 'Nothing propagates the workload', remedy: 'Apply it and its PropagationPolicy first.' },
  FD3305: {
    title: 'A spread cannot be foretold',
    remedy: 'Only static weights can; write the expected numbers.',
  },
  FD3306: {
    title: 'A switch of Karmada that no API shows is unknown',
    remedy: 'Look at the flags of karmada-controller-manager and state them under `flags` in the fleet file.',
  },
  FD3307: {
    title: 'A switch of Karmada is off, so nothing will move',
    remedy: 'Turn it on, or move the workload another way.',
  },
  FD3308: {
    title: 'A policy has no application failover',
    remedy: 'Set spec.failover.application, or move it by karmada/evacuate.',
  },
  FD3309: {
    title: 'Pods start slower than application failover tolerates',
    remedy: 'Raise tolerationSeconds well over the start-up time.',
  },
  FD3311: { title: 'The policy of a workload cannot be found', remedy: 'Give it a PropagationPolicy.' },
  FD3313: {
    title: 'A service account got no token',
    remedy: "Check the member's service account token controller.",
  },
  FD3314: {
    title: 'A workload cannot be moved by shifting weights',
    remedy: 'Use static weights, or another way to move it.',
  },
  FD3315: {
    title: 'A stage of a surge did not settle',
    remedy: 'Look at the pods on the members; the undo puts policy and replicas back.',
  },
  FD3316: { title: 'Somebody else edited the policy meanwhile', remedy: 'Look at it, then run again.' },
  FD3317: {
    title: 'Replicas did not come back by a rebalance',
    remedy: 'Look for taints on the cluster and cordoned nodes.',
  },
  FD3318: {
    title: 'A rebalancer does nothing with ordered clusterAffinities',
    remedy: 'Bring replicas back by: surge, or by an edit of the placement.',
  },
  FD3319: {
    title: 'without-victim in a runbook that has no fault',
    remedy: 'Name the cluster to leave out.',
  },
  FD3320: {
    title: 'A rebalance while an evacuation of ours is still in force',
    remedy: 'Undo the evacuation first.',
  },
  FD3321: {
    title: 'A way back for ordered clusterAffinities, for a policy that has none',
    remedy: 'Bring it back by: surge, or by: rebalancer.',
  },
  FD3322: {
    title: 'Another tenant does not have all its replicas ready in time',
    remedy: 'Look at its Deployment on the members: it may have no room, or have moved.',
  },
  FD3401: { title: 'The fleet lock changed hands while it was asked for', remedy: 'It is tried again.' },
  FD3402: {
    title: 'The fleet lock has no namespace, and the drill may not create it',
    remedy:
      'Apply what `firedrill plan RUNBOOK --permissions` prints for the federation: the namespace is part of it.',
  },
} satisfies Errors;

const people = {
  FD3501: { title: 'A receiver is unknown', remedy: 'Add it under `notify` in the fleet file.' },
  FD3502: { title: 'A receiver refused a message', remedy: 'Check its webhook address.' },
  FD3503: { title: 'A receiver cannot be reached', remedy: 'Check the network from the worker.' },
} satisfies Errors;

export const clusterErrors = {
  ...access,
  ...credentials,
  ...reported,
  ...members,
  ...federation,
  ...people,
} satisfies Errors;
