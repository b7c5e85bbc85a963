import { expect, test } from '@jest/globals';
import { endpointsBehind, originOf, type Slice } from '../../activities/mcs/slices.ts';
import { dnsStage, picture, serviceStage } from '../../activities/mcs/stages.ts';
import type { Visit } from '../../activities/ports/inside.ts';

const visit = (address: string[], served: string, pod: string): Visit => ({
  addresses: address,
  status: 200,
  served,
  pod,
});

test('the first stage: one address chooses nothing, several may take turns or not', () => {
  const one = [visit(['10.0.0.1'], 'aks1', 'a'), visit(['10.0.0.1'], 'aks2', 'b')];
  expect(dnsStage(one)).toMatchObject({ chose: 'one-address', first: { '10.0.0.1': 2 } });
  const fixed = [visit(['10.0.0.1', '10.0.0.2'], 'aks1', 'a'), visit(['10.0.0.1', '10.0.0.2'], 'aks1', 'a')];
  expect(dnsStage(fixed)).toMatchObject({ chose: 'fixed-order', addresses: ['10.0.0.1', '10.0.0.2'] });
  const turning = [...fixed, visit(['10.0.0.2', '10.0.0.1'], 'aks2', 'b')];
  expect(dnsStage(turning)).toMatchObject({ chose: 'rotating', first: { '10.0.0.1': 2, '10.0.0.2': 1 } });
});

test('the second stage: shares by cluster and pod of what was served, failures apart', () => {
  const failed: Visit[] = [
    { addresses: [], error: 'ENOTFOUND', served: '', pod: '' },
    { addresses: ['10.0.0.1'], error: 'ECONNREFUSED', served: '', pod: '' },
    { addresses: ['10.0.0.1'], status: 502, served: '', pod: '' },
  ];
  const visits = [
    visit(['10.0.0.1'], 'aks1', 'a'),
    visit(['10.0.0.1'], 'aks1', 'b'),
    visit(['10.0.0.1'], 'k3s', 'c'),
  ];
  const stage = serviceStage([...visits, ...failed], { aks1: 2, k3s: 1 });
  expect(stage).toMatchObject({
    asked: 5,
    failed: 2,
    errors: { ECONNREFUSED: 1, '502': 1 },
    clusters: { aks1: 2, k3s: 1 },
    pods: { 'aks1/a': 1, 'aks1/b': 1, 'k3s/c': 1 },
  });
  expect(dnsStage([...visits, ...failed])).toMatchObject({ asked: 6, failed: 1 });
  expect(picture(dnsStage(visits), stage, { pattern: 'flat', why: 'only flat fits' })).toEqual([
    'picture:  DNS, 2 addresses in turn, one a cluster → Service, the pods of that cluster in turn',
    'measured: DNS, one address (10.0.0.1), chooses nothing → Service, 3 requests over 3 of 3 pods: flat (only flat fits): aks1 67 %, k3s 33 %',
  ]);
});

test('a copy is of the member with the longest name that fits; own slices are of the member itself', () => {
  const slice = (name: string, service: string, copy: Slice['copy'], ready = ['10.0.0.1']): Slice => ({
    name,
    service,
    copy,
    ready,
  });
  expect(originOf(slice('imported-aks-2-hello-x', 'derived-hello', 'imported'), ['aks', 'aks-2'])).toBe(
    'aks-2',
  );
  expect(originOf(slice('aks-hello-x', 'hello', 'dispatched'), ['aks', 'aks-2'])).toBe('aks');
  expect(originOf(slice('hello-x', 'hello', undefined), ['hello'])).toBeUndefined();
  const slices = [
    slice('hello-x', 'hello', undefined, ['10.2.0.1', '10.2.0.2']),
    slice('aks1-hello-y', 'hello', 'dispatched'),
    slice('imported-aks1-hello-y', 'derived-hello', 'imported'),
    slice('aks2-hello-z', 'hello', 'dispatched', []),
  ];
  expect(endpointsBehind(slices, 'hello', 'k3s', ['aks1', 'aks2', 'k3s'])).toEqual({ k3s: 2, aks1: 1 });
  expect(endpointsBehind(slices, 'derived-hello', 'k3s', ['aks1', 'aks2', 'k3s'])).toEqual({ aks1: 1 });
});
