/** FD7xxx. */
import type { Errors } from './error.ts';

export const commandErrors = {} satisfies Errors;
