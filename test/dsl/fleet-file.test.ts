import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseFleet } from '../../dsl/fleet-file.ts';
import { expectMarked } from './marked.ts';

const good = `name: lab
tier: sandbox
production: false
federation: { kubeconfig: kubeconfig, context: federation, on: aks1 }
members:
  aks1:
    kubeconfig: kubeconfig
    entry: { url: { file: aks1.url }, host: hello.example.com }
  k3s:
    server: https://k3s.example.com
    token: { env: K3S_TOKEN }
    entry: { url: "http://203.0.113.10", host: hello.example.com }
`;

describe('fleet files', () => {
  test.each(['lab', 'lab-pull', 'azure.example'])('fleets/%s.yaml is one', (name) => {
    const { fleet, problems } = parseFleet(
      `/fleets/${name}.yaml`,
      readFileSync(`fleets/${name}.yaml`, 'utf8'),
    );
    expect(problems).toEqual([]);
    expect(fleet).toMatchObject({ file: `/fleets/${name}.yaml`, members: { aks1: { entry: {} } } });
  });

  test('defaults are filled in, references stay references', () => {
    expect(parseFleet('/lab.yaml', good).fleet).toEqual({
      file: '/lab.yaml',
      name: 'lab',
      tier: 'sandbox',
      production: false,
      federation: { kubeconfig: 'kubeconfig', context: 'federation', on: 'aks1' },
      members: {
        aks1: {
          kubeconfig: 'kubeconfig',
          entry: { url: { file: 'aks1.url' }, host: 'hello.example.com' },
          exposure: 'direct',
          scaleNodes: 'none',
        },
        k3s: {
          server: 'https://k3s.example.com',
          token: { env: 'K3S_TOKEN' },
          entry: { url: 'http://203.0.113.10', host: 'hello.example.com' },
          exposure: 'direct',
          scaleNodes: 'none',
        },
      },
      allowHosts: [],
      flags: {},
      hosts: { workers: [] },
      notify: [],
    });
  });

  test('every mistake of the shape at once, each at its place', () => {
    const text = `name: Lab #! FD2103
tier: sandbx #! FD2103
prodution: false #! FD2101
members: #! FD2102
  aks1:
    kubeconfig: kubeconfig
    token: plain-text #! FD2103
    entry: { url: "http://203.0.113.10", hots: hello.example.com } #! FD2101 FD2102
    exposure: cloudflare #! FD2103
    exposure: direct #! FD1004
loadBalancer:
  kind: front-door-premium #! FD2103
`.replace('members: #! FD2102', 'members:');
    const { fleet, problems } = parseFleet('/fleet.yaml', text);
    expect(fleet).toBeUndefined();
    const production = problems.filter(({ what }) => what.includes("'production'"));
    expect(production).toMatchObject([{ code: 'FD2102', place: { line: 1 } }]);
    expectMarked(
      text,
      problems.filter((problem) => !production.includes(problem)),
    );
    expect(problems.find(({ found }) => found === "'prodution'")?.nearest).toEqual(['production']);
  });

  test('a pull-mode member needs no address, but a federation that its agent reports to', () => {
    const pull = good.replace(
      '    server: https://k3s.example.com\n    token: { env: K3S_TOKEN }\n',
      '    mode: pull\n',
    );
    expect(parseFleet('/fleet.yaml', pull).problems).toEqual([]);
    const alone = pull
      .replace('federation: { kubeconfig: kubeconfig, context: federation, on: aks1 }\n', '')
      .replace('mode: pull', 'mode: pull #! FD2108');
    expectMarked(alone, parseFleet('/fleet.yaml', alone).problems);
    const reached = good.replace('  k3s:\n', '  k3s:\n    mode: pull\n');
    expect(parseFleet('/fleet.yaml', reached).problems).toEqual([]);
    const twice = reached.replace('mode: pull\n', 'mode: pull #! FD2105\n    inCluster: true\n');
    expectMarked(twice, parseFleet('/fleet.yaml', twice).problems);
  });

  test('what does not fit together', () => {
    const text = `${good
      .replace('on: aks1 }', 'on: aks9 } #! FD2104')
      .replace('    server: https://k3s.example.com\n    token: { env: K3S_TOKEN }\n', '')
      .replace('  k3s:\n', '  k3s:\n    region: edge #! FD2105\n')}hosts:
  temporal: aks2 #! FD2104
identity:
  routed: { header: x-routed-cluster }
  served: { body: "Cluster: \\\\S+" } #! FD2106
  pod: { body: "(" } #! FD2106
`;
    expectMarked(text, parseFleet('/fleet.yaml', text).problems);
  });

  test('real clusters are no lab', () => {
    const text = `${good}lab:\n  control: "http://127.0.0.1:1" #! FD2107\n`;
    expect(parseFleet('/fleet.yaml', text.replace(' #! FD2107', '')).problems).toEqual([]);
    const real = text.replace('tier: sandbox', 'tier: fleet');
    expectMarked(real, parseFleet('/fleet.yaml', real).problems);
  });
});
