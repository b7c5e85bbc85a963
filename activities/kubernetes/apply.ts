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
} from './applying.ts';
import { cluster, manifests, objectsOf, unknownMembers } from './inputs.ts';
import { applyPermissions, secretsAmong } from './manifests.ts';

const input = z.strictObject({ cluster, manifests });

export const apply = defineKind<z.infer<typeof input>, Applied, Before>({
  name: 'kubernetes/apply',
  version: 1,
  summary: 'Apply manifests to one member',
  doc: 'Server-side apply as `firedrill`, past Karmada: for what belongs to one member only. Fields that somebody else owns are a conflict and refused. When the run fails, what it created is removed and what it changed is put back.',
  example: { cluster: 'aks1', manifests: 'manifests/hello' },
  input,
  output: applied,
  effect: 'provides',
  undoPhase: 'placement',
  timeoutMs: 120_000,
  manifests: ['manifests'],
  permissions: (given) => applyPermissions(given.cluster, given.manifests),
  check: (given, fleet) => [
    ...unknownMembers({ cluster: given.cluster }, fleet),
    ...secretsAmong(given.manifests),
  ],
  snapshot: (given, context) =>
    snapshotObjects(context.ports.member(given.cluster), objectsOf(given.manifests), context.signal),
  act: (given, before, context) =>
    applyObjects(context.ports.member(given.cluster), objectsOf(given.manifests), before, context),
  undo: (given, before, context) =>
    revertObjects(context.ports.member(given.cluster), objectsOf(given.manifests), before, context),
  compare: (given, before, context) =>
    compareObjects(context.ports.member(given.cluster), objectsOf(given.manifests), before, context),
});
