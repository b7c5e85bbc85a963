/** The shipped runbooks with the real catalogue: sound on the lab, refused where they cannot be run, put back in order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { catalogue } from '../activities/registry.ts';
import { compile } from '../dsl/compile.ts';
import { describe as described } from '../dsl/describe.ts';
import type { Fleet } from '../dsl/fleet.ts';
import { parseFleet } from '../dsl/fleet-file.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'runbooks');
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.yaml') ? [name.slice(0, -5)] : []));

function fleetOf(name: string): Fleet {
  const file = join(root, 'fleets', `${name}.yaml`);
  const { fleet, problems } = parseFleet(file, readFileSync(file, 'utf8'));
  expect(problems).toEqual([]);
  return fleet!;
}

function compiled(name: string, fleet: Fleet, inputs: Record<string, string> = {}) {
  return compile({
    file: `runbooks/${name}.yaml`,
    text: readFileSync(join(folder, `${name}.yaml`), 'utf8'),
    catalogue,
    fleet,
    inputs,
    read: (path) => readFileSync(resolve(folder, path), 'utf8'),
    list: (path) => readdirSync(resolve(folder, path)),
  });
}

it.each(names)('%s is sound on either lab', (name) => {
  for (const fleet of ['lab', 'lab-classic']) {
    const { plan, problems } = compiled(name, fleetOf(fleet));
    expect(problems).toEqual([]);
    expect(plan).toBeDefined();
  }
});

it('the victim is the member that a fault of the lab is set upon', () => {
  const victimOf = (name: string) => compiled(name, fleetOf('lab'), { victim: 'aks2' }).plan?.victim;
  for (const name of ['api-lost', 'network-cut', 'nodes-gone', 'federation-down', 'shared-cluster'])
    expect([name, victimOf(name)]).toEqual([name, 'aks2']);
});

/** Why the example of a fleet of real clusters does not take them; every other runbook is for any fleet. */
const refused: Record<string, string> = {
  'api-lost': 'FD8101',
  'network-cut': 'FD8101',
  'federation-down': 'FD8101',
  // Deleting Node objects is no loss on AKS.
  'nodes-gone': 'FD1403',
  // It names no image to look from inside a member with.
  'multi-cluster-service': 'FD3606',
};

it.each(names)('%s is refused on real clusters exactly when it cannot be run there', (name) => {
  const { problems } = compiled(name, fleetOf('azure.example'));
  const codes = problems.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
  expect([...new Set(codes)]).toEqual(refused[name] === undefined ? [] : [refused[name]]);
});

it('an API that was taken away comes back before anything else is put back', () => {
  const { plan } = compiled('federation-down', fleetOf('lab'));
  const undone = described(plan!, catalogue).undone.filter(({ when }) => when === 'always');
  expect(undone.map(({ path, phase }) => [path, phase])).toEqual([
    ['steps.dark', 'reach'],
    ['steps.fault', 'capacity'],
  ]);
});
