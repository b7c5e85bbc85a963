/** Pods, and what makes them from a template. */
import type { KubeObject } from '../../store.ts';
import { isSame } from '../patch/json.ts';
import { quantity } from '../quantity.ts';
import { type LabelSelector, matchesLabels } from '../selectors.ts';
import { duplicate, type FieldProblem, nonNegative, required, wrong } from './problems.ts';

type Amounts = Record<string, string>;

function amounts(
  { requests = {}, limits = {} }: { requests?: Amounts; limits?: Amounts },
  at: string,
): FieldProblem[] {
  return Object.entries(requests).flatMap(([name, amount]) => {
    const limit = limits[name];
    if (limit === undefined || quantity(amount) <= quantity(limit)) return [];
    return [wrong(`${at}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}

function containers(spec: KubeObject['spec'], at: string): FieldProblem[] {
  if (!spec?.containers?.length) return [required(`${at}.containers`)];
  const names = new Set<unknown>();
  return (spec.containers as { name?: string; image?: string; resources?: object }[]).flatMap(
    ({ name, image, resources = {} }, index) => {
      const where = `${at}.containers[${index}]`;
      const again = name !== undefined && names.has(name);
      names.add(name);
      return [
        ...(name ? [] : [required(`${where}.name`)]),
        ...(again ? [duplicate(`${where}.name`, name)] : []),
        ...(image ? [] : [required(`${where}.image`)]),
        ...amounts(resources, `${where}.resources`),
      ];
    },
  );
}

export function pod({ spec }: KubeObject): FieldProblem[] {
  return containers(spec, 'spec');
}

export function workload({ kind, spec = {} }: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const problems = nonNegative('spec.replicas', spec.replicas);
  const selector = spec.selector as LabelSelector | undefined;
  const labels = spec.template?.metadata?.labels;
  const empty = selector !== undefined && Object.keys(selector).length === 0;
  if (selector === undefined) problems.push(required('spec.selector'));
  else if (empty)
    problems.push(wrong('spec.selector', selector, `empty selector is invalid for ${kind.toLowerCase()}`));
  if (!empty && !matchesLabels(selector, labels))
    problems.push(
      wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    );
  if (before !== undefined && !isSame(before.spec.selector, selector))
    problems.push(wrong('spec.selector', selector, 'field is immutable'));
  return [...problems, ...containers(spec.template?.spec, 'spec.template.spec')];
}
