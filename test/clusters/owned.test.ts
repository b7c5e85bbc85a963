import { expect, it } from '@jest/globals';
import { ownedOf } from '../../activities/kubernetes/owned.ts';

const env = [{ name: 'POD' }, { name: 'NODE' }, { name: 'CLUSTER', value: 'unknown' }];

/** As a real API server keeps them: sorted, whatever the order of the list. */
const managed = {
  'f:metadata': { 'f:finalizers': { '.': {}, 'v:"a"': {}, 'v:"b"': {} } },
  'f:spec': {
    'f:env': {
      'k:{"name":"CLUSTER"}': { '.': {}, 'f:name': {}, 'f:value': {} },
      'k:{"name":"NODE"}': { '.': {}, 'f:name': {} },
      'k:{"name":"POD"}': { '.': {}, 'f:name': {} },
    },
  },
};

const object = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: {
    name: 'one',
    finalizers: ['b', 'somebody-else', 'a'],
    managedFields: [{ manager: 'firedrill', operation: 'Apply', fieldsV1: managed }],
  },
  spec: { env: [env[0], { name: 'INJECTED', value: 'by somebody' }, env[1], env[2]], replicas: 3 },
};

it('reads back what we applied in the order it stands there, and nothing of others', () => {
  expect(ownedOf(object)).toEqual({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'one', finalizers: ['b', 'a'] },
    spec: { env },
  });
});

it('knows nothing of an object that we never applied', () => {
  const theirs = { ...object.metadata.managedFields[0], manager: 'kubectl' };
  expect(ownedOf({ ...object, metadata: { ...object.metadata, managedFields: [theirs] } })).toBeUndefined();
});
