/** What a drill does to, and sees of, one member cluster. */
import type { Kind } from '../kind.ts';
import { apply } from './apply.ts';
import { awaitPods } from './await-pods.ts';
import { checkIngress } from './check-ingress.ts';
import { cordon } from './cordon.ts';
import { drain } from './drain.ts';
import { scaleNodes } from './scale-nodes.ts';

export const kubernetesKinds: Kind[] = [apply, awaitPods, checkIngress, cordon, drain, scaleNodes];
