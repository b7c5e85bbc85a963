/** FD3xxx. */
import type { Errors } from './error.ts';

export const clusterErrors = {} satisfies Errors;
