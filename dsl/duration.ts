/** Durations as authors write them: a string that stays a string, so that a Plan reads like its runbook. */
import { z } from 'zod';
import { durationPattern } from './milliseconds.ts';

export { durationText, milliseconds } from './milliseconds.ts';

const expected = 'a duration such as 500ms, 30s, 5m or 1m30s';

export const duration = z
  .string({ error: expected })
  .regex(durationPattern, { message: expected })
  .meta({ description: 'A duration: 500ms, 30s, 5m, 1m30s, 2h' });
