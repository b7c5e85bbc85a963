import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { collectAssets } from '../../../lab/rig/assets.ts';
import { installKarmada } from '../../../lab/rig/install.ts';
import { layout, writePrivate } from '../../../lab/rig/layout.ts';
import { extrasOf } from '../../../lab/rig/options.ts';
import type { PlaneClient } from '../../../lab/rig/plane.ts';
import { stagesFile } from '../../../lab/rig/stages.ts';
import type { KubeObject } from '../../../lab/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module of Karmada, as far as we read it. */
function fakeKarmada(): string {
  const module = join(folder, 'karmada');
  const write = (path: string, text: string) => {
    mkdirSync(join(module, path, '..'), { recursive: true });
    writeFileSync(join(module, path), text);
  };
  const crd = (name: string) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${name}}\nspec: {group: x}\n`;
  write('charts/karmada/_crds/bases/work/a.yaml', crd('resourcebindings.work.karmada.io'));
  write('charts/karmada/_crds/bases/policy/b.yaml', crd('propagationpolicies.policy.karmada.io'));
  write(
    'artifacts/deploy/webhook-configuration.yaml',
    'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: mutating-config}\nwebhooks:\n- name: w\n  clientConfig: {url: "https://karmada-webhook.karmada-system.svc:443/mutate-work", caBundle: {{caBundle}}}\n',
  );
  write(
    'artifacts/deploy/admin-clusterrole-aggregation.yaml',
    '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: karmada-view}\n---\n',
  );
  return module;
}

/** A plane that remembers what is written. */
function remembering(): PlaneClient & { objects: Map<string, KubeObject>; applied: number } {
  const objects = new Map<string, KubeObject>();
  const key = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;
  return {
    objects,
    applied: 0,
    async apply(object) {
      this.applied += 1;
      objects.set(key(object), object);
    },
    create: async () => true,
    read: async (ref) => objects.get(key(ref)),
  };
}

it('turns a bare plane into a Karmada control plane, once', async () => {
  const assets = join(folder, 'assets');
  collectAssets(fakeKarmada(), assets);
  const files = layout(join(folder, 'rig'));
  writePrivate(files.pki('federation', 'ca.crt'), 'PEM');
  const ports: Record<string, number> = { 'karmada-webhook': 1111, 'karmada-aggregated-apiserver': 2222 };
  const wiring = { files, port: (name: string) => ports[name]!, binary: () => '' };
  const plane = remembering();
  await installKarmada(plane, wiring, assets);

  const authority = Buffer.from('PEM').toString('base64');
  const found = (name: string) => plane.objects.get(name) as KubeObject;
  const bindings = found('CustomResourceDefinition resourcebindings.work.karmada.io');
  expect(bindings.spec.conversion.webhook.clientConfig).toEqual({
    url: 'https://127.0.0.1:1111/convert',
    caBundle: authority,
  });
  expect(found('CustomResourceDefinition propagationpolicies.policy.karmada.io').spec).toEqual({
    group: 'x',
  });
  expect(found('MutatingWebhookConfiguration mutating-config').webhooks[0].clientConfig).toEqual({
    url: 'https://127.0.0.1:1111/mutate-work',
    caBundle: authority,
  });
  expect(found('APIService v1alpha1.cluster.karmada.io').spec.service.port).toBe(2222);
  expect(found('ClusterRole karmada-view')).toBeDefined();

  const before = plane.applied;
  await installKarmada(plane, wiring, assets);
  expect(plane.applied).toBe(before);
  ports['karmada-webhook'] = 3333;
  await installKarmada(plane, wiring, assets);
  expect(found('MutatingWebhookConfiguration mutating-config').webhooks[0].clientConfig.url).toContain(
    ':3333/',
  );
});

it('has stages that kwok can read, and other ones while no image can be pulled', () => {
  const names = (text: string) => {
    const documents = parseAllDocuments(text);
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    return documents.map((document) => document.toJSON().metadata.name);
  };
  expect(names(stagesFile({ startMs: 2000, pulls: true }))).toContain('pod-ready');
  const stuck = names(stagesFile({ startMs: 2000, pulls: false }));
  expect(stuck).toContain('pod-waits');
  expect(stuck).not.toContain('pod-ready');
});

it('takes its extras from the environment, and refuses a member it does not have', () => {
  expect(extrasOf({})).toEqual({ pull: [], descheduler: false });
  expect(extrasOf({ FIREDRILL_LAB_PULL: 'k3s', FIREDRILL_RIG_DESCHEDULER: '1' })).toEqual({
    pull: ['k3s'],
    descheduler: true,
  });
  expect(() => extrasOf({ FIREDRILL_LAB_PULL: 'k3' })).toThrow(/no member k3; it has aks1, aks2, k3s/);
});
