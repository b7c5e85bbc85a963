/** FD801x: the programs of the rig. */
import type { Errors } from './error.ts';

export const rigErrors = {
  FD8011: {
    title: 'The rig of real control planes lacks programs',
    remedy:
      'Build them once: npx firedrill lab build (about 12 minutes on 2 cores). Or name a folder that has them: FIREDRILL_RIG_BIN. The sandbox needs none of them: --fleet lab.',
  },
  FD8012: {
    title: 'FIREDRILL_RIG_BIN does not name a folder',
    remedy: 'Correct it, or unset it to let Firedrill look on PATH and in its cache.',
  },
  FD8013: {
    title: 'The programs of the rig cannot be built on this machine',
    remedy: 'Mend what is named, or build them elsewhere and name their folder: FIREDRILL_RIG_BIN.',
  },
  FD8014: {
    title: 'The sources of the rig cannot be fetched',
    remedy:
      'Set GOPROXY to a module proxy that this machine reaches, or build elsewhere and name the folder: FIREDRILL_RIG_BIN.',
  },
  FD8015: {
    title: 'A program of the rig could not be built',
    remedy: 'See what go said. What is built stays: the same command goes on from there.',
  },
} satisfies Errors;
