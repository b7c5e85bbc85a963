/** The rules that look at the whole drill, one file each. Those on single expressions run where these are compiled. */
import type { Compilation } from '../compilation.ts';
import { checkApprovals } from './approval.ts';
import { checkBackground } from './background.ts';
import { checkBounds } from './bounds.ts';
import { checkFault } from './fault.ts';
import { checkFeasibility } from './feasibility.ts';
import { checkForEach } from './for-each.ts';
import { checkGuard } from './guard.ts';
import { checkOnFailure } from './on-failure.ts';
import { checkParallel } from './parallel.ts';
import { checkPermissions } from './permissions.ts';
import { checkSections } from './sections.ts';
import { checkUndo } from './undo.ts';

export type Rule = (compilation: Compilation) => void;

export const rules: readonly Rule[] = [
  checkSections,
  checkFault,
  checkBackground,
  checkParallel,
  checkForEach,
  checkApprovals,
  checkOnFailure,
  checkUndo,
  checkPermissions,
  checkGuard,
  checkFeasibility,
  checkBounds,
];
