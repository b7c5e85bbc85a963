import type { Answer, Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { CONFIG_MAPS, configMap, strangersToken } from '../objects.ts';

const POLICIES = '/apis/policy.karmada.io/v1alpha1/namespaces/{own}/propagationpolicies';
const OVERRIDES = '/apis/policy.karmada.io/v1alpha1/namespaces/{own}/overridepolicies';

/** Selects nothing that is there. */
const policy = (
  more: object = {},
  selectors: object[] = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }],
): Any => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'a' },
  spec: { resourceSelectors: selectors, ...more },
});

const override = (spec: object): Any => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  metadata: { name: 'a' },
  spec,
});

const create = (api: Api, more: object = {}): Promise<Answer> => api.post(POLICIES, policy(more));
const placed = (api: Api, placement: object) => create(api, { placement });
const seen = ({ status, body }: Answer) => (status === 201 ? { status, spec: body.spec } : { status, body });

const names = { clusterNames: ['m1'] };

export const policies: Area = {
  title: 'Propagation and override policies',
  plane: 'federation',
  cases: {
    'a policy': async (api) => create(api),
    'a placement by weights': async (api) =>
      seen(
        await placed(api, {
          clusterAffinity: names,
          replicaScheduling: {
            replicaSchedulingType: 'Divided',
            replicaDivisionPreference: 'Weighted',
            weightPreference: { staticWeightList: [{ targetCluster: names, weight: 5 }] },
          },
        }),
      ),
    'a placement that is divided, and no more is said': async (api) =>
      seen(await placed(api, { replicaScheduling: { replicaSchedulingType: 'Divided' } })),
    'a spread constraint': async (api) =>
      seen(await placed(api, { spreadConstraints: [{ spreadByField: 'cluster', maxGroups: 2 }] })),
    'a spread constraint by nothing': async (api) => seen(await placed(api, { spreadConstraints: [{}] })),
    'spread constraints without one by cluster': async (api) =>
      seen(await placed(api, { spreadConstraints: [{ spreadByField: 'region', minGroups: 1 }] })),
    'a spread of more than there may be': async (api) =>
      seen(
        await placed(api, { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 3, maxGroups: 2 }] }),
      ),
    'ordered groups': async (api) =>
      seen(
        await placed(api, {
          clusterAffinities: [
            { affinityName: 'a', ...names },
            { affinityName: 'b', ...names },
          ],
        }),
      ),
    'ordered groups of one name': async (api) =>
      seen(
        await placed(api, {
          clusterAffinities: [
            { affinityName: 'a', ...names },
            { affinityName: 'a', ...names },
          ],
        }),
      ),
    'a group and ordered groups': async (api) =>
      seen(
        await placed(api, { clusterAffinity: names, clusterAffinities: [{ affinityName: 'a', ...names }] }),
      ),
    tolerations: async (api) =>
      seen(
        await placed(api, {
          clusterTolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
        }),
      ),
    'a toleration that is none': async (api) =>
      seen(await placed(api, { clusterTolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] })),
    'application failover': async (api) =>
      seen(await create(api, { failover: { application: { decisionConditions: {} } } })),
    'application failover without conditions': async (api) =>
      seen(await create(api, { propagateDeps: true, failover: { application: {} } })),
    'application failover without dependencies': async (api) =>
      seen(
        await create(api, { propagateDeps: false, failover: { application: { decisionConditions: {} } } }),
      ),
    'a purge mode that is none': async (api) =>
      seen(
        await create(api, {
          failover: { application: { decisionConditions: {}, purgeMode: 'Never again' } },
        }),
      ),
    'a grace period for another purge mode': async (api) =>
      seen(
        await create(api, {
          propagateDeps: true,
          failover: { application: { decisionConditions: {}, purgeMode: 'Directly', gracePeriodSeconds: 5 } },
        }),
      ),
    'no selectors': async (api) => seen(await api.post(POLICIES, policy({}, []))),
    'no selectors field': async (api) => seen(await create(api, { resourceSelectors: undefined })),
    'a selector without a kind': async (api) =>
      seen(await api.post(POLICIES, policy({}, [{ apiVersion: 'v1' }]))),
    'a selector of another namespace': async (api) =>
      seen(
        await api.post(POLICIES, policy({}, [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' }])),
      ),
    'a scheduling type that is none': async (api) =>
      seen(await placed(api, { replicaScheduling: { replicaSchedulingType: 'Halved' } })),
    'a weight of nothing': async (api) =>
      seen(
        await placed(api, {
          replicaScheduling: {
            replicaSchedulingType: 'Divided',
            replicaDivisionPreference: 'Weighted',
            weightPreference: { staticWeightList: [{ targetCluster: names, weight: 0 }] },
          },
        }),
      ),
    'a field nobody knows': async (api) => {
      const { status, headers, body } = await create(api, { colour: 'red' });
      return { status, headers, colour: body.spec?.colour ?? 'gone' };
    },
    async 'its id stays'(api) {
      const made = await create(api);
      const { body } = await api.patch(`${POLICIES}/a`, 'merge', {
        metadata: { labels: { 'propagationpolicy.karmada.io/permanent-id': 'mine' } },
      });
      const label = 'propagationpolicy.karmada.io/permanent-id';
      return {
        made: made.body.metadata.labels,
        same: body.metadata?.labels?.[label] === made.body.metadata.labels?.[label],
        body,
      };
    },
    async 'the scheduler stays'(api) {
      await create(api);
      return api.patch(`${POLICIES}/a`, 'merge', { spec: { schedulerName: 'another' } });
    },
    async 'a placement is patched'(api) {
      await placed(api, { clusterAffinity: names });
      const { status, body } = await api.patch(`${POLICIES}/a`, 'merge', {
        spec: { placement: { clusterAffinity: { clusterNames: ['m2'] } } },
      });
      return { status, generation: body.metadata.generation, placement: body.spec.placement };
    },
    async 'a strategic patch'(api) {
      await create(api);
      return api.patch(`${POLICIES}/a`, 'strategic', { spec: { priority: 3 } });
    },
    async 'a version of before'(api) {
      const { body } = await create(api);
      await api.patch(`${POLICIES}/a`, 'merge', { spec: { priority: 3 } });
      return api.put(`${POLICIES}/a`, body);
    },
    async deleted(api) {
      await create(api);
      const { status, body } = await api.delete(`${POLICIES}/a`);
      const after = await until(
        () => api.get(`${POLICIES}/a`),
        (one) => one.status === 404,
      );
      return { status, kind: body.kind, after: after.status };
    },
    'one that is not there': (api) => api.get(`${POLICIES}/none`),
    'by whoever may not': async (api) => {
      const token = await strangersToken(api);
      return api.as({ token }).post(POLICIES, policy());
    },
    async 'what it selects carries its marks'(api) {
      await api.post(CONFIG_MAPS, configMap('c'));
      await api.post(
        POLICIES,
        policy({ placement: { clusterAffinity: names } }, [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' },
        ]),
      );
      const { body } = await until(
        () => api.get(`${CONFIG_MAPS}/c`),
        (one) => Object.keys(one.body.metadata.labels ?? {}).length > 0,
      );
      const { labels, annotations, finalizers } = body.metadata;
      return { labels, annotations, finalizers: finalizers ?? 'none' };
    },
    'an override': (api) =>
      api.post(
        OVERRIDES,
        override({
          resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }],
          overrideRules: [
            {
              targetCluster: names,
              overriders: { plaintext: [{ path: '/spec/x', operator: 'replace', value: 'y' }] },
            },
          ],
        }),
      ),
    'an override without rules': async (api) => seen(await api.post(OVERRIDES, override({}))),
    'an override in both forms': async (api) =>
      seen(
        await api.post(
          OVERRIDES,
          override({
            targetCluster: names,
            overriders: {},
            overrideRules: [{ targetCluster: names, overriders: {} }],
          }),
        ),
      ),
    'an override whose operator is none': async (api) =>
      seen(
        await api.post(
          OVERRIDES,
          override({ overrideRules: [{ overriders: { plaintext: [{ path: '/a', operator: 'change' }] } }] }),
        ),
      ),
    'an override of an image with a bad predicate': async (api) =>
      seen(
        await api.post(
          OVERRIDES,
          override({
            overrideRules: [
              {
                overriders: {
                  imageOverrider: [{ component: 'Tag', operator: 'replace', predicate: { path: 'x' } }],
                },
              },
            ],
          }),
        ),
      ),
  },
};
