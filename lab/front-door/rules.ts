/** What the management API knows of a resource type: how a body is checked and what a change must not break. */
import type { AzureError } from './azure-error.ts';
import { badRequest } from './azure-error.ts';
import type { Properties, Resource, Resources } from './resources.ts';

export interface TypeRules {
  type: string;
  apiVersion: string;
  /** Verbs beyond GET. */
  verbs: ('PUT' | 'PATCH' | 'DELETE')[];
  /** Fills in what the caller may leave out, and what only the service can know. */
  complete(properties: Properties, id: string): Properties;
  /** The message of a 400, or nothing. */
  refuse(properties: Properties): string | undefined;
  /** Refuses a change that would leave the whole inconsistent. `next` is undefined for a deletion. */
  conflict?(id: string, next: Resource | undefined, resources: Resources): AzureError | undefined;
}

export function inRange(name: string, value: unknown, least: number, most: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? undefined
    : `Property '${name}' has an invalid value '${value}'. It must be an integer between ${least} and ${most}.`;
}

export function oneOf(name: string, value: unknown, allowed: string[]): string | undefined {
  if (value === undefined || value === null || allowed.includes(value as string)) return undefined;
  return `Property '${name}' has an invalid value '${value}'. Allowed values are: ${allowed.join(', ')}.`;
}

export function sampling(settings: Properties | undefined): string | undefined {
  if (!settings) return undefined;
  const { sampleSize, successfulSamplesRequired } = settings;
  return (
    inRange('sampleSize', sampleSize, 1, 255) ??
    inRange('successfulSamplesRequired', successfulSamplesRequired, 1, 255) ??
    (sampleSize < successfulSamplesRequired
      ? `Property 'successfulSamplesRequired' (${successfulSamplesRequired}) must not be greater than 'sampleSize' (${sampleSize}).`
      : undefined)
  );
}

/** Checks common to an origin of Standard and a backend of classic. */
export function endpointSettings(properties: Properties): string | undefined {
  return (
    inRange('priority', properties.priority, 1, 5) ??
    inRange('weight', properties.weight, 1, 1000) ??
    inRange('httpPort', properties.httpPort, 1, 65_535) ??
    inRange('httpsPort', properties.httpsPort, 1, 65_535) ??
    oneOf('enabledState', properties.enabledState, ['Enabled', 'Disabled'])
  );
}

export const refusal = (message: string | undefined): AzureError | undefined =>
  message === undefined ? undefined : badRequest(message);
