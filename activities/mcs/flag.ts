/** Whether a MultiClusterService does anything hangs on a gate that no API shows. */
import type { Finding, StepContext } from '../kind.ts';

export function flagFindings({ fleet }: StepContext): Finding[] {
  const { multiClusterService } = fleet.flags;
  if (multiClusterService === true) return [];
  const unknown = multiClusterService === undefined;
  return [
    {
      severity: unknown ? 'unknown' : 'error',
      code: unknown ? 'FD3306' : 'FD3307',
      where: 'federation',
      what: unknown
        ? 'a MultiClusterService does nothing without the feature gate of its name on karmada-controller-manager, which is off by default and no API shows'
        : 'the fleet file says that the feature gate MultiClusterService is off: nothing is shared by it',
      remedy:
        'Look at --feature-gates of karmada-controller-manager, -webhook and -scheduler and say `flags: { multiClusterService: true }` in the fleet file, or share `by: service-import`',
    },
  ];
}
