/** Dependencies point one way; `test/architecture.test.ts` holds it. */
const ours = '^(dsl|workflows|activities|adapters|report|cli|lab|worker\\.ts)';
const sdks = 'node_modules/(@kubernetes|@azure|undici|cloudflare|@temporalio/(client|worker))/';

/** `from` may import nothing of ours outside itself and `to`. */
const only = (from, to) => ({
  name: `${from}-imports-only-${to.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: ours, pathNot: [from, ...to].map((folder) => `^${folder}/`) },
});

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('dsl', []),
    only('workflows', ['dsl']),
    { ...only('activities', ['dsl', 'workflows', 'report']) },
    {
      name: 'activities-import-report-only-to-archive',
      severity: 'error',
      from: { path: '^activities/', pathNot: '^activities/engine/archive\\.ts$' },
      to: { path: '^report/' },
    },
    {
      name: 'activities-and-report-import-only-types-of-workflows',
      severity: 'error',
      from: { path: '^(activities|report)/' },
      to: { path: '^workflows/', pathNot: '^workflows/protocol\\.ts$' },
    },
    only('adapters', ['activities', 'dsl', 'workflows']),
    only('report', ['dsl', 'workflows']),
    only('lab', ['dsl']),
    {
      name: 'only-adapters-import-an-sdk',
      severity: 'error',
      from: { path: '^(dsl|workflows|activities|report)/' },
      to: { path: sdks },
    },
    {
      name: 'the-language-and-the-workflow-know-no-node',
      severity: 'error',
      from: { path: '^(dsl/(evaluate|expression|plan|window)\\.ts|workflows/)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-the-lab-but-the-command-line',
      severity: 'error',
      from: { path: ours, pathNot: '^(lab|cli)/' },
      to: { path: '^lab/' },
    },
  ],
  options: { parser: 'swc', doNotFollow: { path: 'node_modules' }, exclude: { path: '^(dist|test|bench)/' } },
};
