/** FD8xxx. */
import type { Errors } from './error.ts';

export const labErrors = {
  FD8001: {
    title: 'A lab of this state folder is running already',
    remedy:
      'Use it, or end it first: npx firedrill lab down. FIREDRILL_HOME gives another lab a folder of its own.',
  },
} satisfies Errors;
