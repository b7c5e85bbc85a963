/** FD2xxx. */
import type { Errors } from './error.ts';

export const fleetErrors = {} satisfies Errors;
