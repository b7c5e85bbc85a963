/** What a drill does with, and asks of, the global load balancer. */
import type { Kind } from '../kind.ts';
import { awaitRemoved } from './await-removed.ts';
import { awaitServing } from './await-serving.ts';
import { ensure } from './ensure.ts';
import { restore } from './restore.ts';
import { setBackend } from './set-backend.ts';

export const glbKinds: Kind[] = [ensure, awaitServing, awaitRemoved, setBackend, restore];
