/** What an ingress controller makes of a cluster's Ingress objects: host and path → ready pods. */
import type { Change, KubeObject, ObjectReader } from '../store.ts';
import { readyPods } from './endpoints.ts';
import { type Answerer, answererOf } from './images.ts';

export interface Upstream {
  pod: string;
  node: string;
  answer: Answerer;
  /** Whether the pod is still there. */
  alive(): boolean;
  /** Its node object is gone, and the machine with it: the pod counts as ready for a minute and answers nobody. */
  stranded: boolean;
}

export interface Rule {
  host: string;
  path: string;
  exact: boolean;
  upstreams: Upstream[];
  /** Round robin. */
  turn: number;
}

export interface Routing {
  /** undefined: no rule (404). A rule without upstreams: 503. */
  find(host: string, path: string): Rule | undefined;
  /** No node is left, so that the ingress controller itself runs nowhere. */
  deserted(): boolean;
  close(): void;
}

const relevant = new Set([
  'networking.k8s.io/ingresses',
  'networking.k8s.io/ingressclasses',
  'core/services',
  'core/pods',
  'core/configmaps',
  'discovery.k8s.io/endpointslices',
]);

/** Reads the cluster again when something that matters has changed and a request asks for it. */
export function createRouting(store: ObjectReader): Routing {
  let rules: Rule[] | undefined;
  let nodes = nodesOf(store);
  const turns = new Map<string, number>();
  const stop = store.watch(({ resource, type }: Change) => {
    if (relevant.has(resource)) rules = undefined;
    if (resource !== 'core/nodes' || type === 'MODIFIED') return;
    nodes = nodesOf(store);
    rules = undefined;
  });
  const current = () => {
    if (!rules) {
      rules = readRules(store, nodes);
      for (const rule of rules) rule.turn = turns.get(rule.host + rule.path) ?? 0;
    }
    return rules;
  };
  return {
    find(host, path) {
      const rule = best(current(), host, path);
      if (rule) turns.set(rule.host + rule.path, ++rule.turn);
      return rule;
    },
    deserted: () => nodes.size === 0,
    close: stop,
  };
}

function nodesOf(store: ObjectReader): ReadonlySet<string> {
  return new Set(store.list('core/nodes').map(({ metadata }) => metadata.name));
}

function best(rules: Rule[], host: string, path: string): Rule | undefined {
  let found: Rule | undefined;
  for (const rule of rules)
    if (rule.host === host && covers(rule, path) && rule.path.length >= (found?.path.length ?? 0))
      found = rule;
  return found;
}

/** `Prefix` matches whole path elements. */
function covers({ path, exact }: Rule, asked: string): boolean {
  if (exact) return asked === path;
  const prefix = path.replace(/\/$/, '');
  return asked === prefix || asked.startsWith(`${prefix}/`);
}

interface IngressPath {
  path?: string;
  pathType: string;
  backend: { service?: { name: string } };
}

function readRules(store: ObjectReader, nodes: ReadonlySet<string>): Rule[] {
  const classes = store.list('networking.k8s.io/ingressclasses');
  return store
    .list('networking.k8s.io/ingresses')
    .filter((ingress) => isOurs(ingress, classes))
    .flatMap((ingress) =>
      ((ingress.spec?.rules ?? []) as { host?: string; http?: { paths: IngressPath[] } }[]).flatMap((rule) =>
        (rule.http?.paths ?? []).map((path) => toRule(ingress, rule.host ?? '', path, store, nodes)),
      ),
    );
}

/** Of a class this cluster has; one without a class belongs to the default class. */
function isOurs(ingress: KubeObject, classes: KubeObject[]): boolean {
  const wanted = ingress.spec?.ingressClassName;
  return classes.some(({ metadata }) =>
    wanted === undefined
      ? metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'
      : metadata.name === wanted,
  );
}

function toRule(
  ingress: KubeObject,
  host: string,
  { path = '/', pathType, backend }: IngressPath,
  store: ObjectReader,
  nodes: ReadonlySet<string>,
): Rule {
  const service =
    backend.service && store.get('core/services', ingress.metadata.namespace, backend.service.name);
  return {
    host,
    path,
    exact: pathType === 'Exact',
    upstreams: (service ? readyPods(service, store) : []).map((pod) => ({
      pod: pod.metadata.name,
      node: pod.spec.nodeName ?? '',
      answer: answererOf(pod, store),
      stranded: !nodes.has(pod.spec.nodeName ?? ''),
      alive: () => store.get('core/pods', pod.metadata.namespace, pod.metadata.name) !== undefined,
    })),
    turn: 0,
  };
}
