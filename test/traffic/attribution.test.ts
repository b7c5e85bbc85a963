import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attribution } from '../../adapters/http/attribution.ts';
import { fleetAt } from './world.ts';

const fleet = fleetAt('http://127.0.0.1:9/');
const nobody = { routed: '', served: '', pod: '', node: '' };

describe('attribution', () => {
  test('by headers, whatever their case in the fleet file', () => {
    const { identify, readsBody } = attribution(fleet);
    expect(readsBody).toBe(false);
    expect(
      identify({ 'x-routed-cluster': ' aks1 ', 'x-cluster': 'aks2', 'x-pod': 'p', 'x-node': 'n' }, ''),
    ).toEqual({
      routed: 'aks1',
      served: 'aks2',
      pod: 'p',
      node: 'n',
    });
    expect(identify({ 'x-routed-cluster': 'aks1' }, '')).toEqual({ ...nobody, routed: 'aks1' });
  });

  test('by the lines that the scenario greps', () => {
    const identity = {
      routed: { header: 'x-routed-cluster' },
      served: { body: '^CLUSTER=(.+)$' },
      pod: { body: '^POD_NAME=(.+)$' },
    };
    const { identify, readsBody } = attribution({ ...fleet, identity });
    expect(readsBody).toBe(true);
    expect(identify({}, 'hello\nPOD_NAME=hello-1\r\nCLUSTER=k3s\n')).toEqual({
      ...nobody,
      served: 'k3s',
      pod: 'hello-1',
    });
  });

  test('only members are named: what an answer makes up is nobody', () => {
    const { identify } = attribution(fleet);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { routed } = identify({ 'x-routed-cluster': text }, '');
        expect(routed === '' || ['aks1', 'aks2', 'k3s'].includes(routed)).toBe(true);
      }),
    );
    expect(identify({ 'x-routed-cluster': '__proto__' }, '').routed).toBe('');
  });

  test('without rules nobody is named; a pattern that is none is refused', () => {
    const { identity: _, ...anonymous } = fleet;
    expect(attribution(anonymous).identify({ 'x-cluster': 'aks1' }, '')).toEqual(nobody);
    const broken = { ...fleet, identity: { routed: { body: '(' }, served: { header: 'x' } } };
    expect(() => attribution(broken)).toThrow('not a regular expression');
  });
});
