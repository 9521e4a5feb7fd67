import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { NEST, PackedApp, readSnippets, type ModuleKind } from './packed-app.js';

const PACKAGES = ['@throughline/sse-protocol', '@throughline/nest-sse'];
const LIBRARY = '@throughline/nest-sse';
const KINDS: ModuleKind[] = ['module', 'commonjs'];

let app: PackedApp;
let firstStream: string;
let main: string;

beforeAll(async () => {
  [firstStream] = await readSnippets('nest-sse');
  main = await readFile(join(import.meta.dirname, 'consumer/main.ts'), 'utf8');
  app = await PackedApp.install(['sse-protocol', 'nest-sse'], NEST);
}, 240_000);

afterAll(() => app?.remove());

/** What other teams import: `@throughline/nest-sse`, `@throughline/nest-sse/testing`, … */
async function entryPoints(name: string): Promise<string[]> {
  const { exports } = await app.manifest(name);
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath]) => name + subpath.slice(1));
}

/** The packages that a file imports. */
function packagesIn(text: string): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
}

describe.each(PACKAGES)('%s, as it is packed,', (name) => {
  it('holds what its entry points lead to, its README and its licence, and nothing of its specs', async () => {
    const files = await app.files(name);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.d.ts']));
    const others = files.filter((file) => !/^dist\/.*\.(?:js|js\.map|d\.ts)$/.test(file));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files.filter((file) => /spec|stream-app/.test(file))).toEqual([]);
  });

  it('imports only what it declares', async () => {
    const { dependencies = {}, peerDependencies = {} } = await app.manifest(name);
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
    const strays: string[] = [];
    for (const file of (await app.files(name)).filter((path) => /\.(?:js|d\.ts)$/.test(path))) {
      const text = await readFile(join(app.packageFolder(name), file), 'utf8');
      for (const imported of packagesIn(text)) if (!declared.has(imported)) strays.push(`${file}: ${imported}`);
    }
    expect(strays).toEqual([]);
  });

  it('carries its sources in its source maps', async () => {
    const maps = (await app.files(name)).filter((file) => file.endsWith('.js.map'));
    expect(maps.length).toBeGreaterThan(0);
    for (const file of maps) {
      const map = JSON.parse(await readFile(join(app.packageFolder(name), file), 'utf8')) as {
        sources: string[];
        sourcesContent?: (string | null)[];
      };
      expect(map.sourcesContent?.filter((text) => typeof text === 'string')).toHaveLength(map.sources.length);
    }
  });
});

describe('@throughline/nest-sse, installed into an app that has Nest and nothing else,', () => {
  it('needs none of its optional peers to be imported or required', async () => {
    const { peerDependenciesMeta = {} } = await app.manifest(LIBRARY);
    const optional = Object.keys(peerDependenciesMeta);
    expect(optional.filter((peer) => existsSync(app.packageFolder(peer)))).toEqual([]);
    const entries = JSON.stringify(await entryPoints(LIBRARY));
    const script = `
      const names = async (load) => Promise.all(${entries}.map(async (entry) => Object.keys(await load(entry)).length));
      const { createRequire } = await import('node:module');
      const imported = await names((entry) => import(entry));
      const required = await names(createRequire(process.cwd() + '/app.cjs'));
      process.stdout.write(JSON.stringify({ imported, required }));`;
    const { imported, required } = JSON.parse(await app.node('--input-type=module', '--eval', script)) as {
      imported: number[];
      required: number[];
    };
    expect(Math.min(...imported)).toBeGreaterThan(0);
    expect(required).toEqual(imported);
  });

  it('has a first stream of under 20 lines', () => {
    expect(firstStream.trimEnd().split('\n').length).toBeLessThan(20);
  });

  it.each(KINDS)(
    'compiles and serves the first stream of its README, and resumes it (%s)',
    async (kind) => {
      const entries = await entryPoints(LIBRARY);
      const everything = entries.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n');
      const sources = { 'first-stream.ts': firstStream, 'main.ts': main, 'everything.ts': everything };
      const output = await app.node(join(await app.compile(kind, kind, sources), 'main.js'));
      const { opened, received, resumedFrom, missed, close } = JSON.parse(output) as {
        opened: { event: string; data: unknown };
        received: { id: string; data: unknown };
        resumedFrom: string;
        missed: { data: { cents: number } }[];
        close: { reason: string };
      };
      expect(opened.event).toBe('stream.open');
      expect(received.data).toMatchObject({ symbol: 'A', cents: 1, timestamp: expect.any(String) });
      expect(resumedFrom).toBe(received.id);
      expect(missed.map(({ data }) => data.cents)).toEqual([2, 3]);
      expect(close.reason).toBe('drain');
    },
    120_000,
  );
});
