import { existsSync } from 'node:fs';
import { join } from 'node:path';
import angular from './jest.angular.mjs';

/** One runner for everything: each project is a part of the tree with its own environment. */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const node = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/jest.node.setup.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: {
    '^@throughline/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@throughline/([^/]+)/(testing|postgres)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/'],
};

const part = (displayName, testMatch, more = {}) => ({
  ...node,
  rootDir: import.meta.dirname,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  ...more,
});

export default {
  // Machines that run other things besides are slow, not broken: a test that hangs is found all the same.
  testTimeout: 60_000,
  projects: [
    part('libs', ['libs/{sse-protocol,strategy-contract,content-planner,nest-sse,nest-runs}/src/**/*.spec.ts']),
    part('server', ['server/src/**/*.spec.ts']),
    part('http', ['test/http/**/*.spec.ts']),
    part('chaos', ['test/chaos/**/*.spec.ts']),
    part('browser', ['test/browser/**/*.spec.ts']),
    // On inventories of real sites, which are no part of the project: only where they lie beside it.
    ...(existsSync(join(import.meta.dirname, '../shared/data'))
      ? [part('real-data', ['test/real-data/**/*.spec.ts'])]
      : []),
    part('packages', ['test/packages/**/*.spec.ts']),
    part('architecture', ['test/architecture/**/*.spec.ts']),
    angular,
  ],
};
