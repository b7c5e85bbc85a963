import { expect, it } from '@jest/globals';
import { registry } from '../../activities/registry.ts';
import { acts, looks, membership, moves } from './cases.ts';

/** Whose rights nobody holds to be exact yet: a list that may only become shorter. */
const unheld = ['lab/break', 'mcs/export', 'mcs/unexport', 'mcs/verify'];

it('every kind that asks something of a cluster has a case', () => {
  const held = new Set([...membership, ...looks, ...acts, ...moves].map(({ kind }) => kind.name));
  const own = registry.map(({ name }) => name).filter((name) => !/^(glb|traffic|drill)\//.test(name));
  expect(own.filter((name) => !held.has(name)).sort()).toEqual(unheld);
});
