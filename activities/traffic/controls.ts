/**
 * The detectors are shown what they must see before a run may rely on them: an answer of the victim, and a
 * failed request. Both go the way that load goes: the same client, the same attribution, the same counting.
 */
import type { Fleet } from '../../dsl/fleet.ts';
import type { Row } from '../../dsl/window.ts';
import type { Ports } from '../ports/ports.ts';
import type { Target } from '../ports/requester.ts';
import { createTally } from './tally.ts';

export interface Control {
  seen: boolean;
  /** One line for a person. */
  evidence: string;
}

interface Context {
  fleet: Fleet;
  ports: Ports;
  signal: AbortSignal;
}

const TIMEOUT_MS = 2_000;
/** tcpmux, which nothing on a present machine serves, and which needs root to be opened. */
const CLOSED = 'http://127.0.0.1:1/';

/** Without a victim any member's answer serves: the detectors are the same. */
export async function showControls(
  { fleet, ports, signal }: Context,
  victim: string | undefined,
): Promise<{ positive: Control; negative: Control }> {
  signal.throwIfAborted();
  const member = victim ?? Object.keys(fleet.members)[0];
  if (member === undefined) throw new Error('a fleet without members has nothing to drill');
  const entry = ports.member(member).entry();
  const [one, other] = await Promise.all([
    shown(ports, entry),
    shown(ports, { url: CLOSED, host: entry.host }),
  ]);
  return { positive: positive(one, member, entry), negative: negative(other) };
}

interface Shown {
  row: Row;
  error: string;
}

async function shown(ports: Ports, target: Target): Promise<Shown> {
  const marked = { ...target, headers: { ...target.headers, 'x-firedrill-control': 'true' } };
  const session = ports.load.open(marked, { timeoutMs: TIMEOUT_MS });
  try {
    const shot = await session.send({ fresh: true });
    const tally = createTally({ count: 1, periodMs: 1_000 });
    tally.record({ n: 0, shot, lagMs: 0, latencyMs: 0, endedMs: 0 });
    return { row: tally.seconds()[0]!.rows[0]!, error: shot.error ?? '' };
  } finally {
    await session.close();
  }
}

function positive({ row, error }: Shown, member: string, { url, host }: Target): Control {
  const counted = `counted as ${row.class}, routed by ${row.routed || 'nobody'}, served by ${row.served || 'nobody'}`;
  return {
    seen: row.routed === member,
    evidence: `a request for ${host} straight to ${member} at ${url} was ${counted}${error && ` (${error})`}`,
  };
}

function negative({ row, error }: Shown): Control {
  const failed = row.class !== 'ok' && row.class !== 'dropped' && row.routed === '';
  return {
    seen: failed,
    evidence: `a request to a closed port was counted as ${row.class}${error && ` (${error})`}`,
  };
}
