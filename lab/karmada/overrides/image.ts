import type { KubeObject } from '../../store.ts';
import { containersOf } from './containers.ts';

export interface ImageOverrider {
  /** A JSON pointer to one image; without it every container's. */
  predicate?: { path: string };
  component: 'Registry' | 'Repository' | 'Tag';
  operator: 'add' | 'remove' | 'replace';
  value?: string;
}

export function overrideImages(manifest: KubeObject, overrider: ImageOverrider): void {
  const only = overrider.predicate && /\/containers\/(\d+)\/image$/.exec(overrider.predicate.path)?.[1];
  for (const [index, container] of containersOf(manifest).entries())
    if (!overrider.predicate || Number(only) === index)
      container.image = overriddenImage(container.image, overrider);
}

/** `ghcr.io/nginxdemos/hello:plain-text`: registry, repository, tag or digest. */
export function overriddenImage(image: string, { component, operator, value = '' }: ImageOverrider): string {
  const parts = parseImage(image);
  const field = ({ Registry: 'registry', Repository: 'repository', Tag: 'tag' } as const)[component];
  const texts = { add: parts[field] + value, replace: value, remove: '' };
  parts[field] = texts[operator];
  // A digest keeps its @ only as long as it stays one.
  const separator = parts.tag.startsWith('sha256:') ? '@' : ':';
  const path = [parts.registry, parts.repository].filter((part) => part !== '').join('/');
  return parts.tag === '' ? path : path + separator + parts.tag;
}

/** The part before the first slash is a registry when it has a dot or a port, or is localhost. */
function parseImage(image: string): { registry: string; repository: string; tag: string } {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? rest.join('/') : image;
  const [, repository = path, tag = ''] = /^([^@:]+)(?:[@:](.+))?$/.exec(path) ?? [];
  return { registry: hasRegistry ? first : '', repository, tag };
}
