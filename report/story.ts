/** What happened, in one paragraph for someone who reads nothing else. */
import { clock, duration } from './format.ts';
import type { Journal } from './journal.ts';
import { spreadText } from './replicas.ts';
import { type Cause, causeKinds } from './verdict/cause.ts';
import type { Judgement } from './verdict.ts';

export function storyOf(journal: Journal, judged: Judgement): string {
  if (journal.restores !== undefined)
    return `This finished what ${journal.restores} could not end by itself. ${putBack(judged)}`;
  return [
    disaster(journal, judged),
    ...move(judged),
    ...users(judged),
    putBack(judged),
    ...reason(judged),
  ].join(' ');
}

/** The first in time of the causes that named the verdict. */
export function decidingCause({ causes, verdict }: Judgement): Cause | undefined {
  return causes.find(({ kind }) => causeKinds[kind] === verdict);
}

function disaster(journal: Journal, { phases, verdict }: Judgement): string {
  if (phases.faultAtMs === undefined)
    return verdict === 'passed' ? 'Every step did what it should.' : 'Nothing was broken on purpose.';
  return `The fault hit ${journal.plan.victim ?? 'the fleet'} at ${clock(phases.faultAtMs)}.`;
}

function move({ moved, phases }: Judgement): string[] {
  if (phases.faultAtMs === undefined || moved.steady === undefined) return [];
  const to = moved.reached === undefined ? '' : ` to ${spreadText(moved.reached)}`;
  switch (moved.by) {
    case 'karmada':
      return [`Karmada moved its replicas by itself${to}.`];
    case 'drill':
      return [`The drill moved its replicas by its own hand${to}; automatic failover was not tested.`];
    case 'person':
      return [`Somebody moved its replicas by hand${to}.`];
    case 'nobody':
      return ['Nobody moved its replicas.'];
  }
}

function users({ outage, phases }: Judgement): string[] {
  if (outage === undefined || phases.faultAtMs === undefined) return [];
  if (outage.atMostMs === undefined)
    return ['Users were not seen to be healthy again before the way back began.'];
  if (outage.failed === 0) return ['No user noticed.'];
  return [`Users had full service again after ${duration(outage.atMostMs)}.`];
}

function putBack({ restored, restoration, phases }: Judgement): string {
  if (restored === 'untouched') return 'Nothing was touched.';
  if (restored === 'partly')
    return `${restoration.left.length} ${restoration.left.length === 1 ? 'thing is' : 'things are'} not as before.`;
  return phases.faultAtMs === undefined && restoration.done.length === 0
    ? 'What was set up stays; there was nothing to put back.'
    : 'Everything was put back.';
}

function reason(judged: Judgement): string[] {
  const cause = decidingCause(judged);
  return cause === undefined
    ? []
    : [`${judged.verdict[0]?.toUpperCase()}${judged.verdict.slice(1)}: ${cause.text}.`];
}
