/** FD36xx: multi-cluster Services. */
import type { Errors } from './error.ts';

export const multiClusterErrors = {
  FD3601: {
    title: 'There is no such Service to share between clusters',
    remedy: 'Apply the Service to the federation first, or correct its name and namespace.',
  },
  FD3602: {
    title: "Members did not get the multi-cluster APIs, or Karmada's own API server has none",
    remedy:
      'Look at the ClusterPropagationPolicy of the CRDs, its binding, and Cluster.status.apiEnablements.',
  },
  FD3603: {
    title:
      "Somebody else's policy propagates the multi-cluster APIs, and not to every member that needs them",
    remedy: 'Add the members to that policy.',
  },
  FD3604: {
    title: 'A shared Service did not arrive on every member that imports it',
    remedy:
      'Look at the bindings of ServiceExport and ServiceImport, and at the EndpointSlices on both sides.',
  },
  FD3605: {
    title: 'What shared a Service did not go',
    remedy: 'Look at the Works of the member; a member that does not answer keeps what it has.',
  },
  FD3606: {
    title: 'The fleet has no client inside a member',
    remedy: 'Set `mcs: { image: … }` in the fleet file, or `inside` of the member.',
  },
  FD3607: {
    title: 'A MultiClusterService takes its Service away from members that it does not name',
    remedy: 'Name every member that needs the Service in `from` or `to`.',
  },
  FD3608: {
    title: 'The Job that looks from inside a member found nothing out',
    remedy: 'Give it an image with Node 20 or later that the member can pull, and room for one small pod.',
  },
  FD3609: {
    title: 'A name does not resolve inside a member',
    remedy:
      "clusterset.local needs CoreDNS's multicluster plugin or a rewrite; ask for the derived Service's own name otherwise.",
  },
  FD3610: {
    title: 'A name resolves inside a member, and nobody answers there',
    remedy:
      'Look at the EndpointSlices behind it; pods of other clusters need a network between the clusters.',
  },
  FD3611: {
    title: 'Requests spread over the clusters in another way than expected',
    remedy: 'Compare `shares` and `endpoints` of the step.',
  },
  FD3612: {
    title: 'How requests spread over the clusters cannot be told',
    remedy: 'More requests, other numbers of pods per cluster, or `identity` in the fleet file.',
  },
  FD3613: {
    title: 'Nothing of ours shares a Service',
    remedy: 'Share it by mcs/export first, or take it back the way it was shared.',
  },
} satisfies Errors;
