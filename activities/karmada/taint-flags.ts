/** Whether a NoExecute taint will move anything hangs on two switches that no API shows. */
import type { Finding, StepContext } from '../kind.ts';

export function flagFindings(cluster: string, context: StepContext): Finding[] {
  const { failover, noExecuteTaintEviction } = context.fleet.flags;
  const flags = [
    { set: failover, name: 'failover', text: 'the feature gate Failover' },
    {
      set: noExecuteTaintEviction,
      name: 'noExecuteTaintEviction',
      text: '--enable-no-execute-taint-eviction',
    },
  ];
  return flags.flatMap(({ set, name, text }): Finding[] => {
    if (set === true) return [];
    const unknown = set === undefined;
    return [
      {
        severity: unknown ? 'unknown' : 'error',
        code: unknown ? 'FD3306' : 'FD3307',
        where: cluster,
        what: unknown
          ? `a NoExecute taint moves nothing without ${text} of karmada-controller-manager, which is off by default and no API shows`
          : `the fleet file says that ${text} is off: a NoExecute taint moves nothing`,
        remedy: `Look at the flags of karmada-controller-manager and say \`flags: { ${name}: true }\` in the fleet file, or evacuate by: placement`,
      },
    ];
  });
}
