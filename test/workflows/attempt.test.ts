import { describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { attempt } from '../../activities/attempt.ts';
import { transient } from '../../activities/failure.ts';

const busy = () => transient({ code: 'FD9002', where: 'a', what: 'busy', remedy: 'Wait' });
const limits = { deadlineMs: Date.now() + 60_000, attempts: 2, secrets: () => [] };

/** What the n-th attempt says when it fails, of which so many before it had ended by their own word. */
function failing(n: number, ended: number, error: Error): Promise<unknown> {
  const world = new MockActivityEnvironment({
    attempt: n,
    heartbeatDetails: { ended },
    startToCloseTimeoutMs: 30_000,
  });
  return world.run(() => attempt(limits, () => Promise.reject(error))).catch((thrown: unknown) => thrown);
}

describe('an attempt that fails', () => {
  test('is the last one when as many failed as may; a crash is not counted', async () => {
    await expect(failing(1, 0, busy())).resolves.toMatchObject({ nonRetryable: false });
    await expect(failing(2, 1, busy())).resolves.toMatchObject({ nonRetryable: true });
    await expect(failing(2, 0, busy())).resolves.toMatchObject({ nonRetryable: false });
  });

  test('or is cancelled tells of an earlier one that may be alive', async () => {
    const code = { code: 'FD9002' };
    await expect(failing(2, 0, busy())).resolves.toMatchObject({ details: [code, { mayOverlap: true }] });
    await expect(failing(2, 1, busy())).resolves.toMatchObject({ details: [code] });
    const cancelled = new CancelledFailure('CANCELLED');
    await expect(failing(2, 0, cancelled)).resolves.toMatchObject({ details: [{ mayOverlap: true }] });
    await expect(failing(2, 1, cancelled)).resolves.toMatchObject({ details: [{ mayOverlap: false }] });
  });
});
