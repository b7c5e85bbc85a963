/** Every plane a step needs a right on must be in the fleet. */
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
