// Who may import whom: the table of docs/architecture.md, checked. A lib is imported by its public name (#lib) alone.
const MAY_IMPORT = {
  platform: [],
  audit: ['platform'],
  users: ['platform', 'audit'],
  auth: ['platform', 'users', 'audit'],
  subscriptions: ['platform', 'users', 'audit'],
  keras: [],
  inference: ['platform', 'keras'],
  models: ['platform', 'inference', 'audit'],
  predictions: ['platform', 'models', 'inference', 'subscriptions', 'audit'],
  interop: ['platform', 'audit', 'users', 'auth', 'subscriptions', 'keras', 'inference', 'models', 'predictions'],
};
/** The console is built from the client's sources; types of its bundler are no module. */
const BUILT_LATER = ['^@latido/client$', '^vite/client$'];
const SPEC = '\\.spec\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'libs-not-apps', severity: 'error', from: { path: '^libs' }, to: { path: '^apps' } },
    {
      name: 'apps-not-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'console-by-the-client-alone',
      comment: 'apps/console talks to the server by @latido/client alone',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(libs|migrations|test|scripts)/' },
    },
    { name: 'migrations-alone', severity: 'error', from: { path: '^migrations' }, to: { path: '^(apps|libs)' } },
    {
      name: 'public-names-only',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: [SPEC, 'openapi-metadata'] },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    ...Object.entries(MAY_IMPORT).map(([lib, allowed]) => ({
      name: `${lib}-imports`,
      comment: `libs/${lib} may import: ${allowed.join(', ') || 'nothing of ours'}`,
      severity: 'error',
      from: { path: `^libs/${lib}/`, pathNot: SPEC },
      to: { path: '^(libs|migrations|test)/', pathNot: [lib, ...allowed].map((name) => `^libs/${name}/`) },
    })),
    {
      name: 'not-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^@tensorflow/tfjs-node$', ...BUILT_LATER] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
