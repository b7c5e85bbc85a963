import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { inParallel } from '../../activities/in-parallel.ts';

it('gives results in the order of the items, with so many under way and no more', async () => {
  let [underWay, most] = [0, 0];
  const doubled = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(item * 2);
    underWay -= 1;
    return item * 2;
  });
  expect(doubled).toEqual([10, 2, 8, 4, 6]);
  expect(most).toBe(2);
  await expect(inParallel([], 3, async () => 1)).resolves.toEqual([]);
});

it('begins nothing after a failure, and throws the first when nothing is under way', async () => {
  const begun: number[] = [];
  let underWay = 0;
  const failed = inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    underWay += 1;
    await sleep(item === 2 ? 1 : 20);
    underWay -= 1;
    throw new Error(String(item));
  });
  await expect(failed).rejects.toThrow('2');
  expect(begun).toEqual([1, 2]);
  expect(underWay).toBe(0);
});
