/** The import rules of docs/architecture.md. `npm run check:imports` holds them. */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        "domain/ imports its context's domain files, the shared kernel and the schema library, nothing else; a context of several features has one a feature.",
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/[^.]*domain/', pathNot: '\\.spec\\.ts$|/testing/' },
      to: {
        pathNot: ['^libs/$1/src/[^.]*domain/', '^libs/shared-kernel/src/index\\.ts$', 'node_modules/zod/'],
      },
    },
    {
      name: 'shared-kernel-is-pure',
      severity: 'error',
      from: { path: '^libs/shared-kernel/src/', pathNot: '\\.spec\\.ts$' },
      // The list of countries is a table, not behaviour.
      to: { pathNot: ['^libs/shared-kernel/src/', 'node_modules/zod/', 'node_modules/i18n-iso-countries/'] },
    },
    {
      name: 'one-door',
      comment:
        'A library is entered through its index.ts, or the context.ts of one that has it: what a projector needs of it, without HTTP.',
      severity: 'error',
      from: { path: '^(apps|test|libs/([^/]+))/' },
      to: { path: '^libs/([^/]+)/src/(?!(index|context)\\.ts$|testing/)', pathNot: '^libs/$2/' },
    },
    {
      name: 'contexts-without-http',
      comment: 'The projector starts in half the time without what serves HTTP.',
      severity: 'error',
      from: { path: '^libs/[^/]+/src/context\\.ts$' },
      to: { path: '^node_modules/@nestjs/|^libs/(http|aggregates)/', reachable: true },
    },
    {
      name: 'testing-for-tests',
      comment: "Only specs, and what they share, enter another library's testing/.",
      severity: 'error',
      from: { path: '^(apps|test|libs/([^/]+))/', pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^libs/[^/]+/src/testing/', pathNot: '^libs/$2/' },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-stand-alone',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.depcruise.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
