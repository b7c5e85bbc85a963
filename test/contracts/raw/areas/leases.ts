import type { Area } from '../case.ts';
import { LEASES } from '../objects.ts';

const LEASE = `${LEASES}/a`;
const lease = (spec: object = {}) => ({
  metadata: { name: 'a' },
  spec: {
    holderIdentity: 'one',
    leaseDurationSeconds: 15,
    acquireTime: '2026-11-23T12:00:00.000000Z',
    renewTime: '2026-11-23T12:00:00.123456Z',
    leaseTransitions: 0,
    ...spec,
  },
});

export const leases: Area = {
  title: 'Leases',
  plane: 'member',
  cases: {
    async 'is taken once'(api) {
      const answers = await Promise.all([1, 2, 3].map(() => api.post(LEASES, lease())));
      return answers.map(({ status, body }) => [status, body.reason ?? 'made']).sort();
    },
    async 'times keep their microseconds'(api) {
      const { body } = await api.post(LEASES, lease());
      return body.spec.renewTime.length;
    },
    async 'is renewed by its version, once'(api) {
      const { body } = await api.post(LEASES, lease());
      const renewed = { ...body, spec: { ...body.spec, renewTime: '2026-11-23T12:00:01.000000Z' } };
      const answers = await Promise.all(
        [1, 2].map((turn) =>
          api.put(LEASE, { ...renewed, spec: { ...renewed.spec, leaseTransitions: turn } }),
        ),
      );
      return answers.map(({ status, body: after }) => [status, after.reason ?? 'renewed']).sort();
    },
    'a time that is none': (api) => api.post(LEASES, lease({ renewTime: 'soon' })),
    'a time without its fraction': (api) => api.post(LEASES, lease({ renewTime: '2026-11-23T12:00:00Z' })),
    async 'two wrong numbers'(api) {
      return api.post(LEASES, lease({ leaseDurationSeconds: -1, leaseTransitions: -1 }));
    },
  },
};
