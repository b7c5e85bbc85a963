/** How each shipped runbook ends on a healthy fleet of three, whatever the tier. */
import type { Conclusion } from '../../workflows/protocol.ts';

export interface Expected {
  /** `start` and these words are the command. */
  words: string;
  verdict: Conclusion['verdict'];
  movedBy: Conclusion['movedBy'];
  /** Ready replicas on aks1/aks2/k3s that `karmada/await-spread` saw hold, in order. */
  spreads: string[];
  /** One of the causes, when it does not pass. */
  cause?: RegExp;
}

const thereAndBack = ['5/3/1', '0/7/2', '5/3/1'];

export const runbooks: Expected[] = [
  { words: 'scenario-a', verdict: 'passed', movedBy: 'nobody', spreads: ['5/3/1'] },
  { words: 'scenario-b', verdict: 'passed', movedBy: 'karmada', spreads: thereAndBack },
  { words: 'scenario-b --mover taint', verdict: 'passed', movedBy: 'drill', spreads: thereAndBack },
  { words: 'scenario-b --mover placement', verdict: 'passed', movedBy: 'drill', spreads: thereAndBack },
  { words: 'scenario-b --mover surge', verdict: 'passed', movedBy: 'drill', spreads: thereAndBack },
  {
    words: 'scenario-b --mover none',
    verdict: 'failed',
    movedBy: 'nobody',
    spreads: ['5/3/1'],
    cause: /replicas run elsewhere/i,
  },
  { words: 'planned-evacuation', verdict: 'passed', movedBy: 'drill', spreads: thereAndBack },
  {
    words: 'cascade',
    verdict: 'failed',
    movedBy: 'karmada',
    spreads: ['5/3/1'],
    cause: /took aks2 down as well/,
  },
  { words: 'api-lost', verdict: 'passed', movedBy: 'nobody', spreads: ['5/3/1'] },
  { words: 'network-cut', verdict: 'passed', movedBy: 'nobody', spreads: ['5/3/1'] },
  { words: 'nodes-gone', verdict: 'passed', movedBy: 'karmada', spreads: thereAndBack },
  { words: 'federation-down', verdict: 'passed', movedBy: 'karmada', spreads: thereAndBack },
  { words: 'spread-constraint', verdict: 'passed', movedBy: 'karmada', spreads: thereAndBack },
  { words: 'shared-cluster', verdict: 'passed', movedBy: 'karmada', spreads: thereAndBack },
  {
    words: 'primary-secondary',
    verdict: 'passed',
    movedBy: 'karmada',
    spreads: ['9/0/0', '0/7/2', '9/0/0'],
  },
  { words: 'multi-cluster-service', verdict: 'passed', movedBy: 'nobody', spreads: ['5/3/1'] },
];
