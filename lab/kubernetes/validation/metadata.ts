/** Names and labels: what may be one, and the words of apimachinery for what may not. */
import type { KubeObject } from '../../store.ts';
import { type FieldProblem, forbiddenValue, wrong } from './problems.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const source = (form: RegExp) => form.source.slice(1, -1);

const SUBDOMAIN_RULE = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${source(SUBDOMAIN)}')`;
const LABEL_RULE = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${source(LABEL)}')`;
const QUALIFIED_RULE = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${source(QUALIFIED)}')`;
const VALUE_RULE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${source(VALUE)}')`;

export function labelKeyProblem(key: string): string | undefined {
  const name = key.slice(key.indexOf('/') + 1);
  return name.length <= 63 && QUALIFIED.test(name) ? undefined : QUALIFIED_RULE;
}

export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 characters';
  return VALUE.test(value) ? undefined : VALUE_RULE;
}

/** Of most resources a subdomain; of these a shorter word. */
const words: Record<string, { form: RegExp; rule: string; longest: number }> = {
  'core/namespaces': { form: LABEL, rule: LABEL_RULE, longest: 63 },
  'core/services': { form: LABEL, rule: LABEL_RULE, longest: 63 },
  'cluster.karmada.io/clusters': { form: LABEL, rule: LABEL_RULE, longest: 48 },
};

const ANY_NAME = /^(?!\.{1,2}$)[^/%]+$/;

function nameProblems(resource: string, name: string): FieldProblem[] {
  if (resource.startsWith('rbac.'))
    return ANY_NAME.test(name) ? [] : [wrong('metadata.name', name, "may not contain '/' or '%'")];
  const { form, rule, longest } = words[resource] ?? { form: SUBDOMAIN, rule: SUBDOMAIN_RULE, longest: 253 };
  if (name.length > longest)
    return [wrong('metadata.name', name, `must be no more than ${longest} characters`)];
  return form.test(name) ? [] : [wrong('metadata.name', name, rule)];
}

function labelProblems(labels: Record<string, string> = {}): FieldProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const [byKey, byValue] = [labelKeyProblem(key), labelValueProblem(String(value))];
    return [
      ...(byKey === undefined ? [] : [wrong('metadata.labels', key, byKey)]),
      ...(byValue === undefined ? [] : [wrong('metadata.labels', value, byValue)]),
    ];
  });
}

/** What goes can only be let go. */
function finalizerProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  if (before?.metadata.deletionTimestamp === undefined) return [];
  const had = before.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !had.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [forbiddenValue('metadata.finalizers', why)];
}

export function metadataProblems(
  resource: string,
  object: KubeObject,
  before: KubeObject | undefined,
): FieldProblem[] {
  return [
    ...nameProblems(resource, object.metadata.name),
    ...labelProblems(object.metadata.labels),
    ...finalizerProblems(object, before),
  ];
}
