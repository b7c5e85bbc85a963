import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MemoryStore } from '../../../lab/kubernetes/store.ts';
import { type Mirror, openMirror } from '../../../lab/rig/edge/mirror.ts';
import type { Change } from '../../../lab/store.ts';
import { openLab, type TestLab } from '../kubernetes/cluster.ts';

let lab: TestLab;
let store: MemoryStore;
let mirror: Mirror;
let told: string[];

beforeEach(async () => {
  lab = await openLab();
  store = lab.world.members['aks1'] as MemoryStore;
  add('first', '1');
  const access = { server: lab.url(), authority: '', certificate: '', key: '', token: lab.world.adminToken };
  mirror = await openMirror('aks1', access);
  told = [];
  mirror.watch(({ type, resource, object }: Change) => {
    if (resource === 'core/configmaps') told.push(`${type} ${object.metadata.name}`);
  });
});
afterEach(async () => {
  await mirror.close();
  await lab.close();
});

const add = (name: string, text: string) =>
  store.create('core/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'demo', labels: { app: name } },
    data: { text },
  });
const write = (name: string, text: string) =>
  store.update('core/configmaps', 'demo', name, (map) => {
    map['data'].text = text;
  });
const textOf = (name: string) => mirror.get('core/configmaps', 'demo', name)?.['data'].text;

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(holds()).toBe(true);
}

describe('a copy of an API server', () => {
  test('holds what was there, whole objects, and copies of them', () => {
    const [found] = mirror.list('core/configmaps', { namespace: 'demo', labels: { app: 'first' } });
    expect(found).toEqual(store.get('core/configmaps', 'demo', 'first'));
    (found as NonNullable<typeof found>)['data'].text = 'changed here';
    expect(textOf('first')).toBe('1');
    expect(mirror.list('core/configmaps', { namespace: 'other' })).toEqual([]);
    expect(mirror.list('core/nodes')).toHaveLength(3);
    expect(() => mirror.list('apps/replicasets')).toThrow(
      'no copy of apps/replicasets is kept, only of: core/nodes',
    );
  });

  test('follows every change, in order', async () => {
    add('second', '1');
    write('second', '2');
    store.remove('core/configmaps', 'demo', 'first');
    await until(() => told.length === 3);
    expect(told).toEqual(['ADDED second', 'MODIFIED second', 'DELETED first']);
    expect([textOf('first'), textOf('second')]).toEqual([undefined, '2']);
  });

  test('keeps its last state while the server is gone, and catches up on what it missed', async () => {
    const fault = lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
    write('first', '2');
    add('second', '1');
    // Long enough for attempts to be refused.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([textOf('first'), textOf('second'), told]).toEqual(['1', undefined, []]);
    lab.world.faults.remove(fault);
    await until(() => textOf('first') === '2' && textOf('second') === '1');
    expect(told.toSorted()).toEqual(['ADDED second', 'MODIFIED first']);
  });

  test('a server that has forgotten where it was is listed again: what is gone is told as well', async () => {
    const fault = lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    store.remove('core/configmaps', 'demo', 'first');
    add('second', '0');
    // More than a server remembers.
    for (let n = 1; n <= 10_100; n += 1) write('second', String(n));
    lab.world.faults.remove(fault);
    await until(() => textOf('second') === '10100' && textOf('first') === undefined);
    expect(told).toEqual(['DELETED first', 'ADDED second']);
    write('second', 'on');
    await until(() => textOf('second') === 'on');
  });

  test('the edge writes until it is done, however long the server is away', async () => {
    const fault = lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
    const named = (name: string) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name },
    });
    mirror.writer.addClass({ ...named('nginx'), spec: { controller: 'k8s.io/ingress-nginx' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    lab.world.faults.remove(fault);
    await until(() => mirror.get('networking.k8s.io/ingressclasses', undefined, 'nginx') !== undefined);
  });
});
