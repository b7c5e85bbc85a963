/** What a pod answers, by its image, arguments, environment and mounted files. */
import { randomUUID } from 'node:crypto';
import type { KubeObject, ObjectReader } from '../store.ts';
import { environmentOf, expand } from './environment.ts';
import { helloPage, helloPlainText, requestVariables } from './hello.ts';
import { answerByNginx, type Directive, type PodAnswer, parseNginx, substituteEnvironment } from './nginx.ts';

export type Answerer = (uri: string) => PodAnswer;

const TEMPLATES = '/etc/nginx/templates';

/** Works everything out once per pod; the result only depends on the request. */
export function answererOf(pod: KubeObject, store: ObjectReader): Answerer {
  const container = pod.spec.containers[0] ?? {};
  const { repository, tag } = parseImage(container.image ?? '');
  const environment = environmentOf(pod, store);
  if (repository.endsWith('nginxdemos/hello'))
    return nginxHello(pod, tag.startsWith('plain-text'), mountedTemplate(pod, store, environment));
  if (repository.endsWith('hashicorp/http-echo')) {
    const answer = httpEcho([...(container.command ?? []), ...(container.args ?? [])], environment);
    return () => answer;
  }
  return () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok\n' });
}

function parseImage(image: string): { repository: string; tag: string } {
  const [, repository = '', tag = 'latest'] = /^(.+?)(?::([^:/@]+))?(?:@.+)?$/.exec(image) ?? [];
  return { repository: `/${repository}`, tag };
}

function nginxHello(pod: KubeObject, plain: boolean, configuration: Directive[] | undefined): Answerer {
  const self = { name: pod.metadata.name, address: pod.status?.podIP ?? '', port: 80 };
  return (uri) => {
    const variables = requestVariables(self, uri, randomUUID().replaceAll('-', ''), Date.now());
    const page = plain ? helloPlainText(variables) : helloPage(variables);
    return configuration ? answerByNginx(configuration, { path: variables.uri, variables }, page) : page;
  };
}

interface Volume {
  name: string;
  configMap?: { name: string; items?: { key: string; path: string }[] };
}

/** The first `*.template` of a ConfigMap mounted over the templates folder, substituted and parsed. */
function mountedTemplate(
  pod: KubeObject,
  store: ObjectReader,
  environment: Record<string, string>,
): Directive[] | undefined {
  const mounts = (pod.spec.containers[0]?.volumeMounts ?? []) as {
    name: string;
    mountPath: string;
    subPath?: string;
  }[];
  const mount = mounts.find(({ mountPath }) => mountPath.startsWith(TEMPLATES));
  const volume = ((pod.spec.volumes ?? []) as Volume[]).find(({ name }) => name === mount?.name);
  if (!mount || !volume?.configMap) return undefined;
  const data: Record<string, string> =
    store.get('core/configmaps', pod.metadata.namespace, volume.configMap.name)?.data ?? {};
  const files = volume.configMap.items ?? Object.keys(data).map((key) => ({ key, path: key }));
  const file = files.find(
    ({ path }) => path.endsWith('.template') && (!mount.subPath || mount.subPath === path),
  );
  const text = file && data[file.key];
  return text === undefined ? undefined : parseOrGiveUp(substituteEnvironment(text, environment));
}

/** nginx would not start with a configuration it cannot read: nobody listens, and the ingress says so. */
function parseOrGiveUp(text: string): Directive[] {
  try {
    return parseNginx(text);
  } catch {
    return parseNginx("server { location / { return 502 'Bad Gateway'; } }");
  }
}

/** `-text=…` or `-text …`; the body ends with a line break. */
function httpEcho(args: string[], environment: Record<string, string>): PodAnswer {
  const expanded = args.map((argument) => expand(argument, environment));
  const at = expanded.findIndex((argument) => /^--?text(=|$)/.test(argument));
  const flag = expanded[at] ?? '';
  const text = flag.includes('=') ? flag.slice(flag.indexOf('=') + 1) : (expanded[at + 1] ?? '');
  return {
    status: 200,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-app-name': 'http-echo',
      'x-app-version': '1.0.0',
    },
    body: `${at < 0 ? '' : text}\n`,
  };
}
