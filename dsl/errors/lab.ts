/** FD8xxx. */
import type { Errors } from './error.ts';

export const labErrors = {
  FD8001: {
    title: 'A lab of this state folder is running already',
    remedy:
      'Use it, or end it first: npx firedrill lab down. FIREDRILL_HOME gives another lab a folder of its own.',
  },
  FD8101: {
    title: 'A step for the lab, on a fleet that is none',
    remedy: 'Use a fleet with `lab`, or a fault that any cluster knows, such as kubernetes/drain',
  },
  FD8102: {
    title: 'The fault is in force already',
    remedy:
      'Take it away first: npx firedrill lab mend FAULT. What is broken already cannot be broken by the drill.',
  },
  FD8103: {
    title: 'The control API of the lab does not answer',
    remedy: 'Look whether it runs: npx firedrill lab status',
  },
  FD8104: {
    title: 'The lab does not know this fault, or not on this target',
    remedy: 'See which it knows: npx firedrill lab break',
  },
} satisfies Errors;
