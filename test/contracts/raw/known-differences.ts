/** Where the sandbox answers otherwise than the real servers, and why it stays so. */

export interface KnownDifference {
  area: string;
  cases: readonly string[];
  /** Of the paths that differ, those it speaks of; without it, all. */
  at?: RegExp;
  why: string;
}

const NO_SCHEMA =
  'The sandbox has no schemas of types: it keeps what it does not know, fills in no defaults of a definition and checks only what people run into.';
const GO_WORDS = 'The status and reason are the same; the rest of the message is what Go’s decoder says.';
const NOT_CHECKED = 'Nothing in a drill writes this; the sandbox does not check it.';
const TWICE = 'A real server checks an update twice and says some problems twice.';
const MAP_ITSELF =
  'The sandbox tells whose each entry of a map is, not who made the map: it changes no conflict over a field.';

export const knownDifferences: readonly KnownDifference[] = [
  { area: 'Lists', cases: ['a continue token that is none'], at: /message$/, why: GO_WORDS },
  {
    area: 'Creates',
    cases: ['a kind that is not that of the path', 'JSON that is none'],
    at: /message$/,
    why: GO_WORDS,
  },
  { area: 'Creates', cases: ['a field nobody knows', 'a field nobody knows, strictly'], why: NO_SCHEMA },
  {
    area: 'Defaults',
    cases: ['a Job'],
    why: 'The sandbox runs no Jobs: it keeps them as they come.',
  },
  {
    area: 'Defaults',
    cases: ['a Pod'],
    at: /volumes|volumeMounts/,
    why: 'The sandbox’s pods run nothing that would read a mounted token.',
  },
  {
    area: 'Defaults',
    cases: ['probes, ports and environment of a container'],
    at: /cpu$/,
    why: 'Quantities stay as they were written: 0.5 and 500m are the same to everything that reads them.',
  },
  {
    area: 'Defaults',
    cases: ['a Node'],
    why: 'The sandbox’s nodes are seeded with what their kubelets would have said; they are ready from the start.',
  },
  { area: 'Updates', cases: ['identity stays what it is'], at: /selfLink/, why: NO_SCHEMA },
  {
    area: 'Patches',
    cases: ['merge: text for a number'],
    why: 'Refused as well, before the patch is told apart from an object: 400 for 422.',
  },
  { area: 'Patches', cases: ['merge: JSON that is none'], at: /message$/, why: GO_WORDS },
  {
    area: 'Patches',
    cases: ['strategic: a list of words'],
    why: 'The same words in another order; finalizers are a set.',
  },
  { area: 'Patches', cases: ['a strict look at unknown fields'], why: NO_SCHEMA },
  {
    area: 'Server-side apply',
    cases: ['on what was created the old way', 'a field manager made of the client’s name'],
    why: MAP_ITSELF,
  },
  { area: 'Server-side apply', cases: ['a field nobody knows'], why: NO_SCHEMA },
  { area: 'Deletions', cases: ['held by a finalizer'], at: /causes\[1\]/, why: TWICE },
  { area: 'Status and scale', cases: ['a status that is not valid'], why: NOT_CHECKED },
  {
    area: 'Nodes',
    cases: ['a taint twice', 'a taint whose effect is none'],
    at: /causes\[1\]|message$/,
    why: TWICE,
  },
  { area: 'Leases', cases: ['a time that is none', 'a time without its fraction'], why: NOT_CHECKED },
  {
    area: 'Access',
    cases: ['asks what it may: yes, by a role'],
    at: /reason$/,
    why: 'The sandbox does not say by which binding; nobody reads it but a person.',
  },
  {
    area: 'Access',
    cases: ['asks for every rule'],
    why: 'SelfSubjectRulesReview is not served: rights are asked one by one, as the checks of a Plan do.',
  },
  {
    area: 'Custom resources',
    cases: [
      ...['a definition whose name does not fit', 'a definition without a schema', 'an object', 'watched'],
      ...['a default of the schema', 'what the schema does not allow', 'a field the schema does not know'],
      'what the schema wants and is not there',
    ],
    why: NO_SCHEMA,
  },
  {
    area: 'Custom resources',
    cases: ['an update without a version'],
    why: 'Every update of ours is a patch; the sandbox takes one without a version as it does of other types.',
  },
  {
    area: 'Clusters (aggregated API)',
    cases: ['its resource models', 'push mode without an address'],
    at: /^$|resourceModels/,
    why: 'The sandbox’s scheduler counts what nodes have left and needs no resource models.',
  },
  {
    area: 'Clusters (aggregated API)',
    cases: ['a field nobody knows', 'a field nobody knows, strictly'],
    why: NO_SCHEMA,
  },
  {
    area: 'Propagation and override policies',
    cases: ['a policy', 'deleted'],
    at: /finalizers|kind$/,
    why: 'The real controller holds a policy by a finalizer until its claims are given up; the sandbox’s gives them up after.',
  },
  { area: 'Propagation and override policies', cases: ['a field nobody knows'], why: NO_SCHEMA },
  {
    area: 'Propagation and override policies',
    cases: ['no selectors field', 'a selector without a kind'],
    why: 'Go writes what is absent as null or as empty text before the schema looks at it.',
  },
  {
    area: 'Propagation and override policies',
    cases: [
      ...['an override in both forms', 'an override whose operator is none'],
      'an override of an image with a bad predicate',
    ],
    why: NOT_CHECKED,
  },
  {
    area: 'Bindings and rebalancers',
    cases: ['a binding of a workload that fits nowhere'],
    at: /blockOwnerDeletion|schedulerName/,
    why: 'There is one scheduler, and no owner waits for a binding.',
  },
  {
    area: 'Bindings and rebalancers',
    cases: ['resources of the work API', 'resources of the policy API'],
    at: /categories/,
    why: 'Categories serve `kubectl get karmada-io` only.',
  },
];
