/** Does every plane of the fleet answer, and as whom? Each within its own time, none stops the others. */
import type { Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import type { Plane } from '../ports/plane.ts';
import type { Ports } from '../ports/ports.ts';
import { findingOf } from './finding.ts';

const PLANE_MS = 10_000;

export async function reachFindings(
  plan: Plan,
  ports: Ports,
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  const planes: [string, () => Plane][] = Object.keys(plan.fleet.members).map((name) => [
    name,
    () => ports.member(name),
  ]);
  if (plan.fleet.federation !== undefined) planes.push(['federation', () => ports.federation()]);
  return Promise.all(planes.map(([name, open]) => reach(name, open, signal)));
}

async function reach(name: string, open: () => Plane, signal: AbortSignal): Promise<PreflightFinding> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PLANE_MS)]);
  try {
    const plane = open();
    const version = await plane.version(within);
    const { user } = await plane.whoAmI(within);
    return {
      severity: 'ok',
      code: 'FD6020',
      where: name,
      what: `answers (${version}) to ${user}`,
      remedy: '',
    };
  } catch (error) {
    return findingOf(error, { code: 'FD6019', where: name, remedy: 'Correct the member in the fleet file' });
  }
}
