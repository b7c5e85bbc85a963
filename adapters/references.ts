/** Turns the references of a fleet file into values, at the moment they are needed and never into history. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { refused } from '../activities/failure.ts';
import type { ValueRef } from '../dsl/fleet.ts';

/** `.firedrill`, or where FIREDRILL_HOME says: what this machine's processes keep. */
export function stateFolder(): string {
  return resolve(process.env['FIREDRILL_HOME'] ?? '.firedrill');
}

/** A path of a fleet file: relative to the file, but `.firedrill/…` is in the state folder wherever that is. */
export function resolvePath(path: string, fleetFile: string): string {
  return path.startsWith('.firedrill/')
    ? join(stateFolder(), path.slice('.firedrill/'.length))
    : resolve(dirname(fleetFile), path);
}

const seen = new Set<string>();

/** Secrets that this process has resolved: they are taken out of everything that goes into history. */
export function secretsSeen(): Iterable<string> {
  return seen;
}

/** Of a secret that was not resolved from a reference, but read where one led to. */
export function rememberSecret(secret: string): void {
  seen.add(secret);
}

/** Like `resolveValue`, and remembered as a secret. */
export function resolveSecret(value: Exclude<ValueRef, string>, fleetFile: string): string {
  const secret = resolveValue(value, fleetFile);
  seen.add(secret);
  return secret;
}

export function resolveValue(value: ValueRef, fleetFile: string): string {
  if (typeof value === 'string') return value;
  if ('env' in value) {
    const found = process.env[value.env];
    if (found === undefined || found === '')
      throw refused({
        code: 'FD2001',
        where: fleetFile,
        what: `the environment variable ${value.env} is not set on the worker`,
        remedy: `Set ${value.env} where the worker runs`,
      });
    return found;
  }
  const path = resolvePath(value.file, fleetFile);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw refused({
      code: 'FD2002',
      where: fleetFile,
      what: `the file ${path} cannot be read on the worker`,
      remedy: 'Create it, or correct the reference in the fleet file',
    });
  }
}
