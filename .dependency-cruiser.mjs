/** Who may import whom; docs/architecture.md says why. Each rule has a file in test/architecture/fixtures that breaks it. */

const external = 'node_modules/';
/** Below `libs/<name>`, `server` or `client`: in this tree, or in the fixtures, which mirror it. */
const at = (path) => `^(?:test/architecture/fixtures/)?${path}`;
const sources = (name) => at(`libs/${name}/src/`);
const npm = (...names) => `${external}(?:${names.join('|')})(?:/|$)`;
const spec = '\\.spec\\.ts$|/(?:spec|testing)/';

/** A package whose imports outside itself are only those that are listed. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: spec },
  to: { pathNot: [from, ...to] },
});

const node =
  '^(?:node:)?(?:assert|async_hooks|buffer|crypto|events|fs|fs/promises|http|net|os|path|perf_hooks|stream|timers|url|util|worker_threads)$';
const nestRoots = [npm('@nestjs/common'), npm('@nestjs/core')];

export default {
  forbidden: [
    only('sse-protocol-imports-nothing', sources('sse-protocol'), [], 'The wire stands alone.'),
    only(
      'nest-sse-imports',
      sources('nest-sse'),
      [sources('sse-protocol'), ...nestRoots, npm('rxjs'), node],
      'Other teams install it: only what every Nest app has.',
    ),
    only(
      'nest-runs-imports',
      sources('nest-runs'),
      [sources('sse-protocol'), sources('nest-sse'), ...nestRoots, npm('rxjs', 'kysely', 'pg-boss'), node],
      'Runs know streams, a database and a queue, and no app.',
    ),
    {
      name: 'nest-roots-only',
      comment: 'Nest changes its inner files without notice.',
      severity: 'error',
      from: { path: sources('nest-(?:sse|runs)') },
      to: {
        path: `${external}@nestjs/(?:common|core)/`,
        pathNot: `${external}@nestjs/(?:common|core)/index\\.(?:d\\.ts|js)$`,
      },
    },
    only(
      'ngx-sse-imports',
      sources('ngx-sse'),
      [sources('sse-protocol'), npm('@angular/core', '@angular/common', 'rxjs', 'tslib', 'eventsource-parser')],
      'Only what every Angular app has, and the parser of the fetch transport.',
    ),
    only(
      'strategy-contract-imports',
      sources('strategy-contract'),
      [sources('sse-protocol'), npm('valibot')],
      'Shapes that both ends share; one schema library.',
    ),
    only(
      'content-planner-imports',
      sources('content-planner'),
      [
        sources('strategy-contract'),
        npm('ml-matrix', 'ml-kmeans', 'ml-hclust', 'simple-statistics', 'stopword', 'date-holidays', 'entities'),
      ],
      'Pure functions: no Nest, no I/O.',
    ),
    {
      name: 'server-never-sees-the-client',
      comment: 'Contracts cross the wire.',
      severity: 'error',
      from: { path: at('server/') },
      to: { path: [sources('ngx-sse'), at('client/')] },
    },
    {
      name: 'client-imports',
      comment: 'The client knows the wire and the shapes, never the server.',
      severity: 'error',
      from: { path: at('client/src/') },
      to: {
        path: [at('server/'), at('libs/')],
        pathNot: [sources('ngx-sse'), sources('sse-protocol'), sources('strategy-contract')],
      },
    },
    {
      name: 'features-meet-at-their-index',
      comment: 'A feature sees another only through what its index exports.',
      severity: 'error',
      from: { path: at('server/src/([^/]+)/') },
      to: {
        path: at('server/src/(?:platform/)?[^/]+/'),
        pathNot: [at('server/src/$1/'), '/index\\.ts$', at('server/src/platform/[^/]+/index\\.ts$')],
      },
    },
    {
      name: 'only-stores-speak-sql',
      comment: 'SQL stands in platform/database, in *.store.ts and in migrations.',
      severity: 'error',
      from: {
        path: at('server/src/'),
        pathNot: [
          at('server/src/platform/database/'),
          '\\.store\\.ts$',
          '-tables\\.ts$',
          spec,
          at('server/src/platform/health/database-health\\.ts$'),
        ],
      },
      to: { path: npm('kysely', 'pg'), pathNot: [] },
    },
    {
      name: 'no-cycles',
      comment: 'Types count: a cycle is one idea in two files.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-relative-import-crosses-a-package',
      comment: 'A package is imported by its name.',
      severity: 'error',
      from: { path: at('(libs/[^/]+|server|client)/') },
      to: {
        path: at('(?:libs/[^/]+|server|client)/'),
        pathNot: at('$1/'),
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:libs/[^/]+|server|client)/dist/|^\\.angular/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
