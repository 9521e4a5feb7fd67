import { createRequire } from 'node:module';

// The presets module is CommonJS without named exports that an ES module could import.
const { createEsmPreset } = createRequire(import.meta.url)('jest-preset-angular/presets');

const preset = createEsmPreset({
  tsconfig: '<rootDir>/libs/ngx-sse/tsconfig.spec.json',
  testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env',
});

/** Specs of the Angular library and of the app: zoneless, ES modules, jsdom. */
export default {
  ...preset,
  rootDir: import.meta.dirname,
  displayName: 'angular',
  testMatch: ['<rootDir>/libs/ngx-sse/src/**/*.spec.ts', '<rootDir>/client/src/**/*.spec.ts'],
  setupFilesAfterEnv: ['<rootDir>/jest.angular.setup.mjs'],
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    '^@throughline/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@throughline/([^/]+)/testing$': '<rootDir>/libs/$1/src/testing/index.ts',
    // NodeNext sources name the file that is emitted; here the source itself is loaded.
    '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'],
  },
  modulePathIgnorePatterns: ['/dist/'],
};
