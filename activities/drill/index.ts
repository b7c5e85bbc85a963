/** What a drill does besides touching the fleet. */
import type { Kind } from '../kind.ts';
import { notify } from './notify.ts';
import { wait } from './wait.ts';

export const drillKinds: Kind[] = [wait, notify];
