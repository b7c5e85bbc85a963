/** Every plane a step needs a right on must be in the fleet. */

import { isByReport } from '../askable.ts';
import { type Compilation, reportNode } from '../compilation.ts';
import type { Fleet } from '../fleet.ts';
import { nearest } from '../nearest.ts';
import { runningSteps } from '../steps.ts';

export function checkPermissions(compilation: Compilation): void {
  const { fleet } = compilation.options;
  for (const { step, kind, origin } of runningSteps(compilation)) {
    const planes = new Set(
      (origin.inputs ?? []).flatMap((input) => kind.permissions(input, fleet).map((one) => one.plane)),
    );
    for (const plane of planes) {
      const member = fleet.members[plane];
      if (member !== undefined && isByReport(member))
        reportNode(compilation, step, 'uses', outOfReach(kind.name, plane));
      if (has(fleet, plane)) continue;
      reportNode(compilation, step, 'uses', {
        code: 'FD1510',
        what: `${kind.name} needs ${names[plane] ?? `the member '${plane}'`}, which the fleet '${fleet.name}' does not have`,
        found: fleet.file,
        expected: fields[plane] ?? `a member of the fleet: ${Object.keys(fleet.members).join(', ')}`,
        nearest: plane in names ? [] : nearest(plane, Object.keys(fleet.members)),
        remedy: 'Add it to the fleet file, use another fleet, or remove the step',
      });
    }
  }
}

const outOfReach = (kind: string, member: string) => ({
  code: 'FD1514',
  what: `${kind} needs the API of ${member}, which nothing but its karmada-agent reaches`,
  found: `members.${member} with mode: pull and no address`,
  expected: 'a member whose API the worker reaches',
  remedy: `Leave ${member} out, or give its kubeconfig or server in the fleet file if the worker reaches it after all`,
});

const names: Record<string, string> = { federation: 'the federation', azure: 'a load balancer on Azure' };
const fields: Record<string, string> = {
  federation: 'federation: in the fleet file',
  azure: 'loadBalancer: in the fleet file',
};

function has(fleet: Fleet, plane: string): boolean {
  if (plane === 'federation') return fleet.federation !== undefined;
  if (plane === 'azure') return fleet.loadBalancer !== undefined;
  return Object.hasOwn(fleet.members, plane);
}
