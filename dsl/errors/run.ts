/** FD6xxx. */
import type { Errors } from './error.ts';

export const runErrors = {} satisfies Errors;
