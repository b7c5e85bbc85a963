/** Users' requests: load and samples. */
import type { Kind } from '../kind.ts';
import { generate } from './generate.ts';
import { sample } from './sample.ts';

export const trafficKinds: Kind[] = [generate, sample];
