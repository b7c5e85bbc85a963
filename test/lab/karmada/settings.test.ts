import { afterEach, expect, test } from '@jest/globals';
import { karmadaChanges } from '../../../lab/karmada/settings.ts';
import { helloLab, type Lab, NO_EXECUTE, taint, watch } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.stop());

test('names everything that is no setting, or no value of one, at once', () => {
  expect(karmadaChanges({ failover: false, ungracefulRace: 'keep' })).toEqual({
    failover: false,
    ungracefulRace: 'keep',
  });
  expect(() => karmadaChanges({ race: 'lose', ungracefulRace: 'sometimes', failover: 'yes' })).toThrow(
    /no setting karmada\.race; it has failover, .*; karmada\.ungracefulRace is one of lose, keep, alternate, not "sometimes"; karmada\.failover/,
  );
  for (const wrong of [undefined, null, 'lose', ['lose']])
    expect(() => karmadaChanges(wrong)).toThrow(RangeError);
});

test('the race can be turned while the lab runs: the next move ends the other way', () => {
  const settings: Parameters<typeof helloLab>[0] & object = { settings: { ungracefulRace: 'lose' } };
  lab = helloLab(settings);
  const least = () => {
    taint(lab!, 'aks1', [NO_EXECUTE]);
    return watch(lab!, 5_000).least;
  };
  expect(least()).toBe(4);
  lab.stop();
  lab = helloLab(settings);
  Object.assign(settings.settings!, karmadaChanges({ ungracefulRace: 'keep' }));
  expect(least()).toBe(9);
});
