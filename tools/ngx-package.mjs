/**
 * Builds `libs/ngx-sse/dist`: the package in Angular's format, as it is published. ng-packagr leaves every package that is
 * imported by its name outside, and who installs this library gets no other of ours. So it runs on a copy in which the wire
 * protocol is a folder of the library's own sources. Nothing is done when neither sources nor tools have changed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ngPackagr } from 'ng-packagr';
import { folderOf, outputOf } from './libraries.mjs';
import { root } from './run.mjs';

const NAME = '@throughline/ngx-sse';
const PROTOCOL = '@throughline/sse-protocol';
const library = folderOf('ngx-sse');
const output = outputOf('ngx-sse');
const stamp = join(root, '.cache', 'ngx-sse.built');
/** As deep as the library itself, so that what its files name above them is the same. */
const stage = join(root, '.cache', `ngx-sse-${process.pid}`);

const COPIED =
  /^(?:src\/.*\.ts|(?:testing\/)?ng-package\.json|tsconfig(?:\.package)?\.json|package\.json|README\.md|LICENSE)$/;
const DEV_MODE = 'src/dev-mode.ts';
const QUESTION = {
  declared: 'declare const ngDevMode: unknown;',
  asked: `(typeof ngDevMode === 'undefined' || !!ngDevMode)`,
};
const isSource = (path) => !/(?:\.spec\.ts$|^src\/spec\/)/.test(path);
const isTesting = (path) => path.startsWith('src/testing/');

/** The files below a folder: `[path relative to it, text]`. */
async function filesIn(folder, below = '') {
  const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !/\/(?:dist|node_modules)(?:\/|$)/.test(entry.parentPath))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return Promise.all(paths.sort().map(async (path) => [path, await readFile(join(folder, path), 'utf8')]));
}

/** Who tests imports the wire's types from the library, which exports them, so that there is one of each. */
function withOwnProtocol(path, text) {
  const own = relative(dirname(path), 'src/protocol/index');
  const specifier = isTesting(path) ? NAME : own.startsWith('.') ? own : `./${own}`;
  return text.replaceAll(`'${PROTOCOL}'`, `'${specifier}'`);
}

/** Puts the question of `dev-mode.ts` wherever its answer is used: bundlers drop what depends on it only where it stands. */
function withOwnQuestion(path, text) {
  const imported = /^import \{ isDev \} from '.*dev-mode';$/m;
  if (path === DEV_MODE || !imported.test(text)) return text;
  return text.replace(imported, QUESTION.declared).replace(/\bisDev\b/g, QUESTION.asked);
}

async function filesToBuild() {
  const own = (await filesIn(library)).filter(([path]) => COPIED.test(path) && isSource(path));
  const protocol = (await filesIn(folderOf('sse-protocol'), 'src')).filter(([path]) => isSource(path));
  return [
    ...own.map(([path, text]) => [
      path,
      path.endsWith('.ts') ? withOwnQuestion(path, withOwnProtocol(path, text)) : text,
    ]),
    ...protocol.map(([path, text]) => [path.replace(/^src\//, 'src/protocol/'), text]),
  ];
}

async function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.base.json', relative(root, import.meta.filename)]) {
    hash.update(await readFile(join(root, file)));
  }
  for (const [path, text] of files) hash.update(`\n${path}\n${text}`);
  return hash.digest('hex');
}

async function build(files) {
  await rm(stage, { recursive: true, force: true });
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(stage, path)), { recursive: true });
      await writeFile(join(stage, path), text);
    }
    await ngPackagr()
      .forProject(join(stage, 'ng-package.json'))
      .withTsConfig(join(stage, 'tsconfig.package.json'))
      .build({ cacheEnabled: false });
    await rm(output, { recursive: true, force: true });
    await cp(join(stage, 'dist'), output, { recursive: true });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

const files = await filesToBuild();
const hash = await hashOf(files);
if (!existsSync(join(output, 'package.json')) || (await readFile(stamp, 'utf8').catch(() => '')) !== hash) {
  await rm(stamp, { force: true });
  await build(files);
  await writeFile(stamp, hash);
}
