/**
 * The public surface of the libraries as text, so that a change to it is seen in review: `etc/*.api.md` of each, one report
 * for each entry point. Fails when a report is not what was built, or an exported symbol has no doc comment. `--update`
 * (`npm run api:update`) writes the reports. Reads `dist`: build first.
 */
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { entriesOf, folderOf, manifestOf, outputOf } from './libraries.mjs';
import { root } from './run.mjs';

const REPORTED = ['sse-protocol', 'nest-sse', 'nest-runs', 'ngx-sse'];
const isUpdate = process.argv.includes('--update');
const silent = { logLevel: 'none' };
const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2024'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
};
/** What an Angular app compiles with, and where the library finds itself. */
const ofAngular = {
  lib: ['ES2024', 'DOM', 'DOM.Iterable'],
  module: 'ES2022',
  moduleResolution: 'bundler',
  types: [],
  paths: { '@throughline/ngx-sse': [join(outputOf('ngx-sse'), 'types', 'throughline-ngx-sse.d.ts')] },
};

const reportName = (library, subpath) => `${subpath === '.' ? library : `${library}-${basename(subpath)}`}.api.md`;

function prepare(library, { subpath, types }) {
  const folder = folderOf(library);
  const entry = join(outputOf(library), types);
  const options = { ...compilerOptions, ...(library === 'ngx-sse' ? ofAngular : {}) };
  // A second entry point names what the first exports; that is not forgotten.
  const forgotten = subpath === '.' ? { logLevel: 'none', addToApiReportFile: true } : silent;
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: options, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: reportName(library, subpath),
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(root, '.cache', 'api', library),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        // Comments here are TypeScript's, whose links and parameters are a little less strict than TSDoc's.
        tsdocMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent, 'ae-forgotten-export': forgotten },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}

/** The exports of a report that lack a doc comment. Members may speak for themselves. */
const undocumented = (report) =>
  [...report.matchAll(/^\/\/ @public \(undocumented\)\n(.*)$/gm)].map(([, line]) => line);

async function reportOn(library, entry) {
  const faults = [];
  const config = prepare(library, entry);
  await mkdir(config.reportFolder, { recursive: true });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === 'error') faults.push(message.formatMessageWithLocation(root));
    },
  });
  const name = `libs/${library}/etc/${reportName(library, entry.subpath)}`;
  if (errorCount > 0) faults.push(`${name}: API Extractor found ${errorCount} errors.`);
  if (apiReportChanged && !isUpdate)
    faults.push(`${name} is not what is built: npm run api:update, and read the diff.`);
  const report = config.reportTempFilePath;
  if (existsSync(report)) {
    for (const line of undocumented(await readFile(report, 'utf8'))) faults.push(`${name}: no doc comment: ${line}`);
  }
  return faults;
}

/** Reports whose entry point is gone. */
async function removeOrphans(library, entries) {
  const folder = join(folderOf(library), 'etc');
  const expected = new Set(entries.map(({ subpath }) => reportName(library, subpath)));
  const orphans = (await readdir(folder)).filter((file) => !expected.has(file));
  if (isUpdate) for (const file of orphans) await rm(join(folder, file));
  return isUpdate ? [] : orphans.map((file) => `libs/${library}/etc/${file} is of no entry point: npm run api:update.`);
}

const faults = [];
for (const library of REPORTED) {
  const entries = entriesOf(await manifestOf(library));
  for (const entry of entries) faults.push(...(await reportOn(library, entry)));
  faults.push(...(await removeOrphans(library, entries)));
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
