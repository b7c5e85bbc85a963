/** What a sample says, asserting only what so few answers can bear. */
import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import { deviated, unjudged } from '../failure.ts';
import type { Answer } from '../ports/requester.ts';
import { failuresPValue, type Shares, testShares } from './shares.ts';
import { add } from './tally.ts';

/** One false alarm in a thousand samples for each of the three questions. */
const ALPHA = 0.001;
/** Shares are judged by effect size (design.md): less than a fifth of the answers elsewhere is no finding. */
const MARGIN = 0.2;
/** What a sound service may fail: the complement of the 99.9 % that runbooks ask of a healthy window. */
const FAILURE_RATE = 0.001;
/** With fewer attributed answers no spread over three clusters could ever be told from another. */
export const FEWEST = 10;

export const sampled = z.object({
  lines: z.array(z.string()).meta({ description: "The scenario's lines, one an answer" }),
  routed: z.record(z.string(), z.number()).meta({ description: 'First stage: answers by cluster' }),
  pods: z.record(z.string(), z.number()).meta({ description: 'Second stage: `cluster/pod` → answers' }),
  expected: z
    .record(z.string(), z.number())
    .meta({ description: 'Shares by the enabled backends of best priority' }),
  failed: z.number(),
  pValue: z.number(),
  distance: z
    .number()
    .meta({ description: 'Effect size: share of the answers that would have to go elsewhere' }),
  switches: z.number(),
  alternationPValue: z.number(),
  verdict: z.string(),
});
export type Sampled = z.infer<typeof sampled>;

/** Throws `deviated` or `unjudged`. */
export function judged(answers: Answer[], expected: Shares, hasIdentity: boolean): Sampled {
  const named = answers.filter((answer) => answer.class === 'ok' && answer.routed !== '');
  const failed = answers.filter((answer) => answer.class !== 'ok').length;
  const { pValue, distance, switches, alternationPValue, unexpected } = testShares(
    named.map((answer) => answer.routed),
    expected,
  );
  const output: Sampled = {
    lines: answers.map(lineOf),
    routed: countBy(named, (answer) => answer.routed),
    pods: countBy(named, (answer) => `${answer.served}/${answer.pod}`),
    expected,
    failed,
    pValue,
    distance,
    switches,
    alternationPValue,
    verdict: '',
  };
  const findings = [
    unexpected.length > 0 && `${unexpected.join(', ')} answered, though no share is theirs`,
    pValue < ALPHA &&
      distance >= MARGIN &&
      `the counts are not those of the configured shares: ${spread(output)}`,
    alternationPValue < ALPHA && `the names come in blocks: ${switches} changes in ${named.length} answers`,
    failuresPValue(failed, answers.length, FAILURE_RATE) < ALPHA && `${failed} of ${answers.length} failed`,
  ].filter((finding) => finding !== false);
  const details = { where: 'traffic', evidence: output as unknown as Json };
  if (findings.length > 0)
    throw deviated({
      ...details,
      code: 'FD5012',
      what: findings.join('; '),
      remedy:
        'See the lines; compare the weights, priorities, probes and the latency band of the load balancer',
    });
  if (named.length < FEWEST)
    throw unjudged({
      ...details,
      code: 'FD5013',
      what: `only ${named.length} of ${answers.length} answers name the cluster that routed them`,
      remedy: hasIdentity
        ? 'Let every entry point set the header of `identity`'
        : 'Set `identity` in the fleet file',
    });
  return {
    ...output,
    verdict: `as configured, as far as ${named.length} answers can tell: ${spread(output)}`,
  };
}

function lineOf(answer: Answer): string {
  if (answer.status === undefined) return `no answer: ${answer.class} (${answer.error ?? ''})`;
  const names = `POD_NAME=${answer.pod || '?'} NODE_NAME=${answer.node || '?'} CLUSTER=${answer.served || '?'}`;
  return answer.class === 'ok' ? names : `${answer.status} from ${answer.routed || 'nobody named'}`;
}

function spread({ routed, expected, pValue, distance }: Sampled): string {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(routed)])].sort();
  const total = Object.values(routed).reduce((sum, count) => sum + count, 0);
  const parts = names.map(
    (name) => `${name} ${routed[name] ?? 0} (${((expected[name] ?? 0) * total).toFixed(1)})`,
  );
  return `${parts.join(', ')} [seen (expected)], p ${pValue.toPrecision(2)}, ${(distance * 100).toFixed(0)} % elsewhere`;
}

function countBy(answers: Answer[], name: (answer: Answer) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) add(counts, name(answer));
  return Object.fromEntries([...counts].sort());
}
