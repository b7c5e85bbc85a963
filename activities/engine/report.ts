/** Members that nothing but their own karmada-agent reaches: what the federation has heard of them. */
import type { Fleet } from '../../dsl/fleet.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { registration } from '../karmada/registering.ts';
import type { Cluster } from '../ports/federation.ts';
import type { Ports } from '../ports/ports.ts';

/** One a member; a federation that does not answer has its own finding, and leaves these unknown. */
export async function reportFindings(
  members: string[],
  fleet: Fleet,
  ports: Ports,
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  if (members.length === 0) return [];
  let clusters: Cluster[];
  try {
    clusters = await ports.federation().clusters(signal);
  } catch {
    return members.map((name) =>
      byReport(name, 'unknown', 'the federation, which alone knows of it, does not answer'),
    );
  }
  return members.map((name) => {
    const cluster = clusters.find((one) => one.name === name);
    const wrong = registration(name, cluster, fleet);
    if (wrong) return { severity: 'error', ...wrong };
    return cluster?.ready
      ? byReport(
          name,
          'ok',
          `registered and Ready (${cluster.why}); its API is out of reach, so all that is known of it is what the federation reports`,
        )
      : byReport(name, 'warning', `registered, and not Ready: ${cluster?.why}`);
  });
}

const byReport = (where: string, severity: PreflightFinding['severity'], what: string): PreflightFinding => ({
  severity,
  code: 'FD6026',
  where,
  what,
  remedy: severity === 'ok' ? '' : 'Look at karmada-agent inside the member, and at the federation',
});
