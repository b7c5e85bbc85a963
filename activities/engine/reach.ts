/** Does every plane of the fleet answer, and as whom? Each within its own time, none stops the others. */
import { askableMembers } from '../../dsl/askable.ts';
import type { Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { inParallel, PLANES_AT_ONCE } from '../in-parallel.ts';
import type { Expiry, Plane } from '../ports/plane.ts';
import type { Ports } from '../ports/ports.ts';
import { findingOf } from './finding.ts';
import { reportFindings } from './report.ts';

/** For all a plane is asked; one request gives up after 10 s by itself, and says then what it hung in. */
const PLANE_MS = 15_000;
/** A credential that ends within a working day may end within a drill, or before somebody restores one. */
const SOON_MS = 8 * 60 * 60_000;

export async function reachFindings(
  plan: Plan,
  ports: Ports,
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  const { fleet } = plan;
  const asked = askableMembers(fleet);
  const planes: [string, () => Plane][] = asked.map((name) => [name, () => ports.member(name)]);
  if (fleet.federation !== undefined) planes.push(['federation', () => ports.federation()]);
  const others = Object.keys(fleet.members).filter((name) => !asked.includes(name));
  const [answers, reported] = await Promise.all([
    inParallel(planes, PLANES_AT_ONCE, ([name, open]) => reach(name, open, signal)),
    reportFindings(others, fleet, ports, AbortSignal.any([signal, AbortSignal.timeout(PLANE_MS)])),
  ]);
  return [...answers.flat(), ...reported];
}

async function reach(name: string, open: () => Plane, signal: AbortSignal): Promise<PreflightFinding[]> {
  const late = AbortSignal.timeout(PLANE_MS);
  const within = AbortSignal.any([signal, late]);
  let ends: PreflightFinding[] = [];
  try {
    const plane = open();
    ends = endings(name, plane.expiries(), Date.now());
    const version = await plane.version(within);
    const { user } = await plane.whoAmI(within);
    // A server whose clock is late takes what has ended: it is an error all the same.
    const what = `answers (${version}) to ${user}`;
    return [{ severity: 'ok', code: 'FD6020', where: name, what, remedy: '' }, ...ends];
  } catch (error) {
    const failed = error === late.reason ? tooLate(name) : otherwise(name, error);
    return [...ends.filter((one) => one.code !== failed.code), failed];
  }
}

const otherwise = (name: string, error: unknown): PreflightFinding =>
  findingOf(error, { code: 'FD6019', where: name, remedy: 'Correct the member in the fleet file' });

const tooLate = (name: string): PreflightFinding => ({
  severity: 'error',
  code: 'FD3002',
  where: name,
  what: `it did not say its version and who we are within ${PLANE_MS / 1000} s`,
  remedy: 'Look at the load of the API server, and at the network to it',
});

/** Known without asking the server, which may be away or say nothing but 401. */
export function endings(name: string, expiries: Expiry[], nowMs: number): PreflightFinding[] {
  return expiries
    .filter(({ atMs }) => atMs <= nowMs + SOON_MS)
    .map(({ code, what, atMs, remedy }) => {
      const at = new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
      return atMs <= nowMs
        ? { severity: 'error', code, where: name, what: `${what} ended at ${at}`, remedy }
        : { severity: 'warning', code: 'FD3024', where: name, what: `${what} ends at ${at}`, remedy };
    });
}
