import { z } from 'zod';
import { defineKind } from '../kind.ts';
import {
  type Applied,
  applied,
  applyObjects,
  type Before,
  compareObjects,
  revertObjects,
  snapshotObjects,
} from '../kubernetes/applying.ts';
import { manifests, objectsOf, withoutFederation } from '../kubernetes/inputs.ts';
import { applyPermissions, secretsAmong } from '../kubernetes/manifests.ts';

const input = z.strictObject({ manifests });

export const apply = defineKind<z.infer<typeof input>, Applied, Before>({
  name: 'karmada/apply',
  version: 1,
  summary: 'Apply manifests to the federation',
  doc: 'Server-side apply as `firedrill`: what holds already is left as it is. Fields that somebody else owns are a conflict and refused, naming the owner; fields another of our own steps owns are taken. When the run fails, what it created is removed and what it changed is put back.',
  example: { manifests: 'manifests/hello' },
  input,
  output: applied,
  effect: 'provides',
  undoPhase: 'placement',
  timeoutMs: 120_000,
  manifests: ['manifests'],
  permissions: (given) => applyPermissions('federation', given.manifests),
  check: (given, fleet) => [...withoutFederation(fleet), ...secretsAmong(given.manifests)],
  snapshot: (given, context) =>
    snapshotObjects(context.ports.federation(), objectsOf(given.manifests), context.signal),
  act: (given, before, context) =>
    applyObjects(context.ports.federation(), objectsOf(given.manifests), before, context),
  undo: (given, before, context) =>
    revertObjects(context.ports.federation(), objectsOf(given.manifests), before, context),
  compare: (given, before, context) =>
    compareObjects(context.ports.federation(), objectsOf(given.manifests), before, context),
});
