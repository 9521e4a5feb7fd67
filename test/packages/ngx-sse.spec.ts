import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { AngularApp, type Bundle } from './angular-app.js';
import { APP_WITHOUT, appWith, FEATURES, NEVER } from './ngx-sse-features.js';
import { readSnippets } from './packed-app.js';
import { PriceServer } from './price-server.js';
import { launchBrowser } from '../support/browser.js';

const LIBRARY = '@throughline/ngx-sse';
const ENTRIES = [LIBRARY, `${LIBRARY}/testing`];
const DECLARED = ['@angular/common', '@angular/core', 'eventsource-parser', 'rxjs', 'tslib'];
/** Left outside of bundles whose size is that of the library's own code. */
const EXTERNAL = ['@angular/core', '@angular/common', '@angular/platform-browser', 'rxjs'];
const USUAL = FEATURES.filter(({ name }) => ['withReconnect', 'withPollingFallback'].includes(name));
const ALL_BUT_FETCH = FEATURES.filter(({ name }) => name !== 'withFetchTransport');
/** Apps by what the README calls them in its table of sizes. */
const SIZED = {
  '`SseClient` with `withReconnect`': 'withReconnect',
  'that and `withPollingFallback`': 'usual',
  'every feature and `sseResource`, but not by fetch': 'allButFetch',
  'every feature and `sseResource`': 'all',
};

let app: AngularApp;
let firstStream: string;
let otherSnippets: string[];

beforeAll(async () => {
  [firstStream, ...otherSnippets] = await readSnippets('ngx-sse');
  app = await AngularApp.install();
}, 240_000);

afterAll(() => app?.packed.remove());

const textOf = (file: string): Promise<string> => readFile(join(app.packed.packageFolder(LIBRARY), file), 'utf8');

describe('@throughline/ngx-sse, as it is packed,', () => {
  it('is in the format of Angular packages: one module and one declaration for each entry point', async () => {
    const files = await app.packed.files(LIBRARY);
    const modules = ['throughline-ngx-sse', 'throughline-ngx-sse-testing'];
    expect(files.sort()).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        ...modules.flatMap((name) => [`fesm2022/${name}.mjs`, `fesm2022/${name}.mjs.map`, `types/${name}.d.ts`]),
      ].sort(),
    );
    expect(await app.packed.manifest(LIBRARY)).toMatchObject({ sideEffects: false, type: 'module' });
  });

  it('is compiled so that the Angular of the app finishes it', async () => {
    expect(await textOf('fesm2022/throughline-ngx-sse.mjs')).toContain('ɵɵngDeclareInjectable');
  });

  it('declares what its apps have, a parser, and nothing else', async () => {
    const { dependencies, peerDependencies } = await app.packed.manifest(LIBRARY);
    expect(Object.keys(dependencies ?? {}).sort()).toEqual(['eventsource-parser', 'tslib']);
    expect(peerDependencies).toEqual({ '@angular/common': '^22.0.0', '@angular/core': '^22.0.0', rxjs: '^7.8.0' });
  });

  it('imports only what it declares, and the parser in the module alone', async () => {
    const imported = new Map<string, Set<string>>();
    for (const file of (await app.packed.files(LIBRARY)).filter((path) => /\.(?:mjs|d\.ts)$/.test(path))) {
      const specifiers = ts.preProcessFile(await textOf(file)).importedFiles.map(({ fileName }) => fileName);
      imported.set(file, new Set(specifiers.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)));
    }
    const testing = [...imported].filter(([file]) => file.includes('testing')).map(([, names]) => [...names].sort());
    expect(testing).toEqual([
      ['@angular/core', LIBRARY],
      ['@angular/core', LIBRARY],
    ]);
    const main = [...imported].filter(([file]) => !file.includes('testing')).flatMap(([, names]) => [...names]);
    expect(main.filter((name) => !DECLARED.includes(name))).toEqual([]);
    expect(imported.get('types/throughline-ngx-sse.d.ts')).not.toContain('eventsource-parser');
  });

  it('carries its sources in its source maps, and no path of where it was built', async () => {
    for (const file of (await app.packed.files(LIBRARY)).filter((path) => path.endsWith('.map'))) {
      const map = JSON.parse(await textOf(file)) as { sources: string[]; sourcesContent?: (string | null)[] };
      expect(map.sources.filter((source) => !source.startsWith('../'))).toEqual([]);
      expect(map.sourcesContent?.filter((text) => typeof text === 'string')).toHaveLength(map.sources.length);
    }
  });

  it('loads on a server, without a browser', async () => {
    const script = `
      await import('@angular/compiler'); // on Node nothing links what is compiled in part
      const entries = await Promise.all(${JSON.stringify(ENTRIES)}.map((entry) => import(entry)));
      process.stdout.write(JSON.stringify(entries.map((entry) => Object.keys(entry))));`;
    const [main, testing] = JSON.parse(await app.packed.node('--input-type=module', '--eval', script)) as string[][];
    expect(main).toEqual(expect.arrayContaining(['SseClient', 'provideSse', 'sseResource']));
    expect(testing).toEqual(expect.arrayContaining(['SseTestingController', 'provideSseTesting']));
  });
});

describe('an Angular app that installs @throughline/ngx-sse', () => {
  it('has a first stream of under 15 lines', () => {
    expect(firstStream.trimEnd().split('\n').length).toBeLessThan(15);
  });

  it('compiles strictly what the README shows, with every declaration of the library checked', async () => {
    const everything = ENTRIES.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n');
    const others = otherSnippets.map((code, index) => [`snippet-${index}.ts`, code] as const);
    expect(others.length).toBeGreaterThan(2);
    const sources = { 'first-stream.ts': firstStream, 'everything.ts': everything, ...Object.fromEntries(others) };
    await app.add('readme', sources, true);
    await app.check('readme');
  });

  it('is built, and streams in a browser, over a loss', async () => {
    const main = await readFile(join(import.meta.dirname, 'consumer/ngx-sse/main.ts'), 'utf8');
    await app.add('first', { 'main.ts': main, 'first-stream.ts': firstStream }, true);
    await app.build(['first']);
    const server = await PriceServer.serve(app.outputOf('first'));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(server.origin);
      await (await server.connection()).send({ id: '1', cents: 101 });
      await page.getByText('open: 101').waitFor();
      server.dropAll();
      const again = await server.connection();
      expect(again.lastEventId).toBe('1');
      await again.send({ id: '2', cents: 102 });
      await page.getByText('open: 102').waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 120_000);
});

describe('what the builder of Angular makes of an app with @throughline/ngx-sse', () => {
  const bundles = new Map<string, Bundle>();
  const bundle = (name: string): Bundle => bundles.get(name)!;
  const added = (name: string): number => bundle(name).gzippedBytes - bundle('without').gzippedBytes;

  beforeAll(async () => {
    const sources: Record<string, string> = {
      without: APP_WITHOUT,
      bare: appWith([]),
      ...Object.fromEntries(FEATURES.map((feature) => [feature.name, appWith([feature])])),
      usual: appWith(USUAL),
      allButFetch: appWith(ALL_BUT_FETCH),
      all: appWith(FEATURES),
    };
    for (const [name, text] of Object.entries(sources)) await app.add(name, { 'main.ts': text }, false);
    const built = await app.build(Object.keys(sources), { externalDependencies: EXTERNAL });
    for (const [name, made] of built) bundles.set(name, made);
  }, 180_000);

  it.each(FEATURES)('has $name where it is used, and none of the other features', ({ name, marks }) => {
    const { text } = bundle(name);
    for (const mark of marks) expect(text).toContain(mark);
    expect(text.length).toBeGreaterThan(bundle('bare').text.length);
    const others = FEATURES.filter((feature) => feature.name !== name).flatMap((feature) => feature.marks);
    expect([...others, ...NEVER].filter((mark) => text.includes(mark))).toEqual([]);
  });

  it('has no feature where none is used, and each where all are', () => {
    const marks = FEATURES.flatMap((feature) => feature.marks);
    expect(marks.filter((mark) => bundle('bare').text.includes(mark))).toEqual([]);
    expect(marks.filter((mark) => !bundle('all').text.includes(mark))).toEqual([]);
    expect(NEVER.filter((mark) => bundle('all').text.includes(mark))).toEqual([]);
  });

  it('is as small as the README says', async () => {
    const readme = await textOf('README.md');
    const limits = new Map(
      Array.from(readme.matchAll(/^\| (.+?) +\| ([\d.]+) kB +\|$/gm), ([, name, limit]) => [name, Number(limit)]),
    );
    const names = ['bare', ...FEATURES.map(({ name }) => name), 'usual', 'allButFetch', 'all'];
    const sizes = names.map((name) => `  ${name.padEnd(24)}${String(added(name)).padStart(6)} B`);
    process.stdout.write(`What @throughline/ngx-sse adds to an app, gzipped:\n${sizes.join('\n')}\n`);
    expect([...limits.keys()]).toEqual(Object.keys(SIZED));
    const larger = Object.entries(SIZED).filter(([name, built]) => added(built) > (limits.get(name) ?? 0) * 1000);
    expect(larger).toEqual([]);
  });
});
