import { expect, test } from '@jest/globals';
import '../realm.ts';
import { overriddenImage } from '../../../../lab/karmada/overrides/image.ts';
import { overridden } from '../../../../lab/karmada/overrides/overrides.ts';
import type { ClusterObject } from '../../../../lab/karmada/types.ts';
import { createStore } from '../../../../lab/kubernetes/store.ts';
import type { KubeObject } from '../../../../lab/store.ts';

const k3s: ClusterObject = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'k3s', labels: { tier: 'edge' } },
  spec: {},
};

function deployment(): KubeObject {
  const env = [{ name: 'CLUSTER_NAME', value: 'unset' }];
  const container = { name: 'hello', image: 'nginxdemos/hello:0.4', args: ['-v', '-q'], env };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'hello', namespace: 'demo', labels: { app: 'hello' } },
    spec: { replicas: 1, template: { spec: { containers: [container] } } },
  };
}

function apply(...policies: { name: string; namespace?: string; spec: object }[]): {
  manifest: KubeObject;
  applied: Record<string, string>;
} {
  const store = createStore('federation');
  for (const { name, namespace, spec } of policies)
    store.create(`policy.karmada.io/${namespace ? 'overridepolicies' : 'clusteroverridepolicies'}`, {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: namespace ? 'OverridePolicy' : 'ClusterOverridePolicy',
      metadata: { name, ...(namespace && { namespace }) },
      spec,
    });
  const manifest = deployment();
  return { applied: overridden(store, manifest, k3s), manifest };
}

const replace = (value: unknown, targetCluster?: object) => ({
  ...(targetCluster && { targetCluster }),
  overriders: {
    plaintext: [{ operator: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value }],
  },
});
const envOf = ({ spec }: KubeObject) => spec.template.spec.containers[0].env[0].value;

test('a rule for the cluster, and one that is not for it', () => {
  const rules = [replace('edge', { clusterNames: ['k3s'] }), replace('west', { clusterNames: ['aks1'] })];
  const { manifest, applied } = apply({ name: 'name', namespace: 'demo', spec: { overrideRules: rules } });
  expect(envOf(manifest)).toBe('edge');
  expect(JSON.parse(applied['policy.karmada.io/applied-overrides'] ?? '')).toMatchObject([
    { policyName: 'name' },
  ]);
});

test('the deprecated pair at the top of the spec', () => {
  const { manifest } = apply({
    name: 'old',
    namespace: 'demo',
    spec: replace('edge', { clusterNames: ['k3s'] }),
  });
  expect(envOf(manifest)).toBe('edge');
});

test('cluster-wide first, then the namespace, the closest selector last', () => {
  const selector = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const { manifest } = apply(
    {
      name: 'a',
      namespace: 'demo',
      spec: { resourceSelectors: [{ ...selector, name: 'hello' }], ...replace('closest') },
    },
    { name: 'b', namespace: 'demo', spec: { resourceSelectors: [selector], ...replace('looser') } },
    { name: 'c', spec: replace('wide') },
    { name: 'd', namespace: 'other', spec: replace('elsewhere') },
  );
  expect(envOf(manifest)).toBe('closest');
});

test('images, words, labels, annotations, and plaintext after all of them', () => {
  const overriders = {
    imageOverrider: [{ component: 'Registry', operator: 'add', value: 'registry.example.com' }],
    argsOverrider: [{ containerName: 'hello', operator: 'remove', value: ['-q'] }],
    commandOverrider: [{ containerName: 'hello', operator: 'add', value: ['/bin/hello'] }],
    labelsOverrider: [
      { operator: 'add', value: { site: 'home' } },
      { operator: 'replace', value: { none: 'x' } },
    ],
    annotationsOverrider: [{ operator: 'add', value: { note: 'edge' } }],
    plaintext: [
      { operator: 'add', path: '/spec/template/spec/nodeSelector', value: { 'kubernetes.io/arch': 'arm64' } },
      {
        operator: 'add',
        path: '/spec/template/spec/containers/0/resources',
        value: { limits: { cpu: '200m' } },
      },
    ],
  };
  const { manifest } = apply({ name: 'all', namespace: 'demo', spec: { overrideRules: [{ overriders }] } });
  expect(manifest.metadata.labels).toEqual({ app: 'hello', site: 'home' });
  expect(manifest.metadata.annotations).toEqual({ note: 'edge' });
  expect(manifest.spec.template.spec).toMatchObject({
    nodeSelector: { 'kubernetes.io/arch': 'arm64' },
    containers: [
      {
        image: 'registry.example.com/nginxdemos/hello:0.4',
        command: ['/bin/hello'],
        args: ['-v'],
        resources: { limits: { cpu: '200m' } },
      },
    ],
  });
});

test.each([
  ['nginxdemos/hello:0.4', 'Tag', 'replace', 'plain-text', 'nginxdemos/hello:plain-text'],
  ['nginxdemos/hello', 'Tag', 'add', '1', 'nginxdemos/hello:1'],
  ['nginxdemos/hello:0.4', 'Tag', 'remove', '', 'nginxdemos/hello'],
  ['ghcr.io/a/b:1', 'Registry', 'replace', 'my.io:5000', 'my.io:5000/a/b:1'],
  ['ghcr.io/a/b:1', 'Registry', 'remove', '', 'a/b:1'],
  ['ghcr.io/a/b:1', 'Repository', 'replace', 'c/d', 'ghcr.io/c/d:1'],
  ['a/b@sha256:00', 'Repository', 'add', '-edge', 'a/b-edge@sha256:00'],
] as const)('%s: %s %s %s → %s', (image, component, operator, value, expected) => {
  expect(overriddenImage(image, { component, operator, value })).toBe(expected);
});
