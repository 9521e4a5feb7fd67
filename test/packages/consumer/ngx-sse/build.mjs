/**
 * Builds apps with Angular's own builder, one after the other in one process: their folders in `apps` as arguments, after a
 * JSON of the builder's options. Run where the packages are installed.
 */
import { buildApplication } from '@angular/build';

const [options, ...names] = process.argv.slice(2);
const logger = {
  debug: () => undefined,
  info: () => undefined,
  log: () => undefined,
  warn: (message) => complaints.push(message),
  error: (message) => complaints.push(message),
  createChild: () => logger,
};
const complaints = [];

/** What the builder asks of the command line that runs it. */
const context = {
  builder: { builderName: 'application' },
  target: { project: 'app', target: 'build', configuration: 'production' },
  workspaceRoot: process.cwd(),
  currentDirectory: process.cwd(),
  logger,
  getProjectMetadata: async () => ({ root: '', sourceRoot: 'apps', cli: { cache: { enabled: false } } }),
  addTeardown: () => undefined,
};

for (const name of names) {
  const all = {
    browser: `apps/${name}/main.ts`,
    index: 'index.html',
    tsConfig: `apps/${name}/tsconfig.json`,
    outputPath: `out/${name}`,
    outputHashing: 'none',
    progress: false,
    ...JSON.parse(options),
  };
  for await (const { success, error } of buildApplication(all, context)) {
    if (!success) complaints.push(`${name} was not built. ${error ?? ''}`);
  }
}
// The builder's workers would keep it alive.
process.stderr.write(complaints.join('\n'), () => process.exit(complaints.length === 0 ? 0 : 1));
