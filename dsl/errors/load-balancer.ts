/** FD4xxx. */
import type { Errors } from './error.ts';

export const loadBalancerErrors = {} satisfies Errors;
