/** Services shared between clusters. */
import type { Kind } from '../kind.ts';
import { exportService } from './export.ts';
import { unexport } from './unexport.ts';
import { verify } from './verify.ts';

export const mcsKinds: Kind[] = [exportService, unexport, verify];
