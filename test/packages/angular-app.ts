import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installedHere, PackedApp, root, run } from './packed-app.js';

/** What an Angular app has anyway. */
const ANGULAR = ['@angular/core', '@angular/common', '@angular/compiler', '@angular/platform-browser', 'rxjs', 'tslib'];
/** What compiles it; it takes no part in the app, so this project's own is good enough. */
const COMPILERS = ['@angular/build', '@angular/compiler-cli', 'typescript'];
const CONSUMER = join(import.meta.dirname, 'consumer/ngx-sse');

/** The JavaScript of a built app. */
export interface Bundle {
  readonly text: string;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** An Angular app outside this tree that has the library as it is packed, Angular, and nothing else. */
export class AngularApp {
  private constructor(readonly packed: PackedApp) {}

  /** Builds the library, packs it and installs it. */
  static async install(): Promise<AngularApp> {
    await run(process.execPath, [join(root, 'tools/ngx-package.mjs')], root);
    const app = new AngularApp(await PackedApp.install(['ngx-sse/dist'], ANGULAR));
    for (const name of COMPILERS) {
      const link = app.packed.packageFolder(name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(installedHere(name), link);
    }
    for (const file of ['tsconfig.json', 'build.mjs', 'index.html']) {
      await cp(join(CONSUMER, file), join(app.packed.folder, file));
    }
    return app;
  }

  /** Adds an app of these sources, among them `main.ts`; `checked`: with every declaration that they reach. */
  async add(name: string, sources: Record<string, string>, checked: boolean): Promise<void> {
    const folder = join(this.packed.folder, 'apps', name);
    const tsconfig = {
      extends: '../../tsconfig.json',
      compilerOptions: { skipLibCheck: !checked },
      include: ['**/*.ts'],
    };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    for (const [file, text] of Object.entries(sources)) await writeFile(join(folder, file), text);
  }

  /** Checks an app's sources and declarations, templates included, as Angular's compiler does by itself. */
  async check(name: string): Promise<void> {
    const compiler = join(installedHere('@angular/compiler-cli'), 'bundles/src/bin/ngc.js');
    await this.packed.node(compiler, '-p', join('apps', name));
  }

  /** Builds apps for production; fails on warnings, too. */
  async build(names: readonly string[], options: Record<string, unknown> = {}): Promise<Map<string, Bundle>> {
    await this.packed.node('build.mjs', JSON.stringify(options), ...names);
    return new Map(await Promise.all(names.map(async (name) => [name, await this.#read(name)] as const)));
  }

  /** Where an app was built to. */
  outputOf(name: string): string {
    return join(this.packed.folder, 'out', name, 'browser');
  }

  async #read(name: string): Promise<Bundle> {
    const files = (await readdir(this.outputOf(name))).filter((file) => file.endsWith('.js')).sort();
    const text = (await Promise.all(files.map((file) => readFile(join(this.outputOf(name), file), 'utf8')))).join('\n');
    return { text, minifiedBytes: Buffer.byteLength(text), gzippedBytes: gzipSync(text, { level: 9 }).length };
  }
}
