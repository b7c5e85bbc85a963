import { describe, expect, test } from '@jest/globals';
import { mergePermissions } from '../../dsl/permissions.ts';
import { rolesByPlane } from '../../dsl/roles.ts';

const pods = { plane: 'a', group: '', resource: 'pods' };
const secrets = { plane: 'federation', group: '', resource: 'secrets', namespace: 'safe' };

describe('merged rights', () => {
  test('join verbs of one scope, and names of one set of verbs', () => {
    expect(
      mergePermissions([
        { ...secrets, names: ['one'], verbs: ['get'] },
        { ...pods, verbs: ['watch'] },
        { ...secrets, names: ['two'], verbs: ['get'] },
        { ...pods, verbs: ['list', 'watch'] },
        { ...secrets, names: ['two'], verbs: ['get'] },
      ]),
    ).toEqual([
      { ...pods, verbs: ['list', 'watch'] },
      { ...secrets, names: ['one', 'two'], verbs: ['get'] },
    ]);
  });

  test('leave out what a wider right grants anyway, and no other verb', () => {
    expect(
      mergePermissions([
        { ...pods, namespace: 'demo', verbs: ['list', 'delete'] },
        { ...pods, namespace: 'demo', names: ['one'], verbs: ['delete', 'patch'] },
        { ...pods, verbs: ['list'] },
        { ...pods, plane: 'b', namespace: 'demo', verbs: ['list'] },
      ]),
    ).toEqual([
      { ...pods, verbs: ['list'] },
      { ...pods, namespace: 'demo', verbs: ['delete'] },
      { ...pods, namespace: 'demo', names: ['one'], verbs: ['patch'] },
      { ...pods, plane: 'b', namespace: 'demo', verbs: ['list'] },
    ]);
  });
});

describe('rights as RBAC objects', () => {
  const permissions = [
    { ...pods, verbs: ['list'] },
    { plane: 'a', group: '', resource: 'nodes', verbs: ['list'] },
    { plane: 'azure', group: 'Microsoft.Cdn', resource: 'profiles', verbs: ['read'] },
    { ...secrets, names: ['one'], verbs: ['get'] },
    { ...secrets, namespace: 'firedrill-system', verbs: ['create'] },
  ];

  test('are a ClusterRole for what is asked everywhere, and a Role for each namespace, with the namespace', () => {
    const planes = rolesByPlane('drill', permissions);
    expect(Object.keys(planes)).toEqual(['a', 'federation']);
    expect(planes['a']).toMatchObject([
      { kind: 'ClusterRole', rules: [{ apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['list'] }] },
    ]);
    expect(planes['federation']).toMatchObject([
      {
        kind: 'Namespace',
        metadata: {
          name: 'firedrill-system',
          labels: { 'namespace.karmada.io/skip-auto-propagation': 'true' },
        },
      },
      { kind: 'Namespace', metadata: { name: 'safe' } },
      { kind: 'Role', metadata: { namespace: 'firedrill-system' } },
      { kind: 'Role', metadata: { namespace: 'safe' }, rules: [{ resourceNames: ['one'], verbs: ['get'] }] },
    ]);
  });

  test('come with an account and a binding for each role', () => {
    const account = { namespace: 'robots', name: 'drill' };
    const { a, federation } = rolesByPlane('drill', permissions, account);
    expect(a!.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
    ]);
    expect(federation!.filter(({ kind }) => kind === 'RoleBinding')).toMatchObject(
      ['firedrill-system', 'safe'].map((namespace) => ({
        metadata: { name: 'drill', namespace },
        roleRef: { kind: 'Role', name: 'drill' },
        subjects: [{ kind: 'ServiceAccount', ...account }],
      })),
    );
  });
});
