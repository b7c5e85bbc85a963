/** FD8xxx. */
import type { Errors } from './error.ts';

export const labErrors = {} satisfies Errors;
