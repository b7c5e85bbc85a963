/** The matrix of `npm run sabotage`. */
import { balancer } from './cases/balancer.ts';
import { clusters } from './cases/clusters.ts';
import { federation } from './cases/federation.ts';
import { unharmed } from './cases/unharmed.ts';
import { weather } from './cases/weather.ts';

export const cases = [...unharmed, ...balancer, ...clusters, ...federation, ...weather];
