import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../..');
const TYPESCRIPT = join(root, 'node_modules/typescript/bin/tsc');
/** What a Nest app has anyway. Everything else that the libraries may use is left out. */
export const NEST = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  'reflect-metadata',
  'rxjs',
  '@types/node',
];
const COMMAND_TIMEOUT_MS = 150_000;

/** How an app is compiled: as ES modules or as CommonJS. */
export type ModuleKind = 'module' | 'commonjs';

/** A package.json, as far as it is read here. */
export interface Manifest {
  version: string;
  exports: Record<string, string | { types?: string; default: string }>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
}

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Where a package of this project is installed. */
export const installedHere = (name: string): string => join(root, 'node_modules', name);

/** Runs a program and gives what it printed; what it says on failure is in the error. */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  const binaries = join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${binaries}:${process.env['PATH']}`, NODE_OPTIONS: '' };
  try {
    return (await promisify(execFile)(command, args, { cwd, env, timeout: COMMAND_TIMEOUT_MS })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** An app outside this tree that has libraries as `npm pack` makes them, and what it is given with them, and nothing else. */
export class PackedApp {
  private constructor(readonly folder: string) {}

  /** Packs folders of `libs` and installs them, with other packages in the versions of this project. */
  static async install(libraries: readonly string[], packages: readonly string[]): Promise<PackedApp> {
    const app = new PackedApp(await mkdtemp(join(tmpdir(), 'throughline-packed-')));
    const tarballs = join(app.folder, 'tarballs');
    await mkdir(tarballs);
    for (const library of libraries) {
      await run('npm', ['pack', '--pack-destination', tarballs], join(root, 'libs', library));
    }
    const packed = (await readdir(tarballs)).map((file) => `./tarballs/${file}`);
    await writeFile(join(app.folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const others = await Promise.all(
      packages.map(async (name) => `${name}@${(await readManifest(installedHere(name))).version}`),
    );
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
    await run('npm', ['install', ...flags, ...packed, ...others], app.folder);
    return app;
  }

  /** Where a package is installed. */
  packageFolder(name: string): string {
    return join(this.folder, 'node_modules', name);
  }

  /** The package.json of an installed package. */
  manifest(name: string): Promise<Manifest> {
    return readManifest(this.packageFolder(name));
  }

  /** The files of an installed package, relative to it. */
  async files(name: string): Promise<string[]> {
    const folder = this.packageFolder(name);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  }

  /** Compiles sources in a folder of their own; the declarations of all that they import are checked, too. */
  async compile(name: string, type: ModuleKind, sources: Record<string, string>): Promise<string> {
    const folder = join(this.folder, name);
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      skipLibCheck: false,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      types: ['node'],
      rootDir: 'src',
      outDir: 'dist',
    };
    const files = { 'package.json': { private: true, type }, 'tsconfig.json': { compilerOptions, include: ['src'] } };
    await mkdir(join(folder, 'src'), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      await writeFile(join(folder, file), JSON.stringify(content));
    }
    for (const [file, text] of Object.entries(sources)) await writeFile(join(folder, 'src', file), text);
    await run(process.execPath, [TYPESCRIPT, '-p', folder], folder);
    return join(folder, 'dist');
  }

  /** Runs a file of the app with the Node of this project; gives what it printed. */
  node(...args: string[]): Promise<string> {
    return run(process.execPath, args, this.folder);
  }

  /** Deletes it. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The TypeScript of a library's README, as it stands; its first stream is the first. */
export async function readSnippets(library: string): Promise<[string, ...string[]]> {
  const readme = await readFile(join(root, 'libs', library, 'README.md'), 'utf8');
  const [first, ...others] = Array.from(readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, code]) => code ?? '');
  if (first === undefined) throw new Error(`The README of ${library} begins with no code.`);
  return [first, ...others];
}
