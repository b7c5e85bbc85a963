/** FD1xxx. */
import type { Errors } from './error.ts';

export const runbookErrors = {} satisfies Errors;
