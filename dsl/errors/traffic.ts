/** FD5xxx. */
import type { Errors } from './error.ts';

export const trafficErrors = {} satisfies Errors;
