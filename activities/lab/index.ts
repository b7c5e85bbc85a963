/** What can be broken only where everything is ours: sandbox and rig. */
import type { Kind } from '../kind.ts';
import { breakLab } from './break.ts';

export const labKinds: Kind[] = [breakLab];
