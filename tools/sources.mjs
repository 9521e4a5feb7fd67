import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const IGNORED = new Set(['node_modules', 'dist', '.angular', '.cache', 'coverage']);
const BUILT_FROM = ['libs', 'server', 'client'];
const ROOT_FILES = ['package-lock.json', 'angular.json', 'tsconfig.json', 'tsconfig.base.json', 'tsconfig.lib.json'];

async function* walk(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (IGNORED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (!entry.name.endsWith('.spec.ts') && !entry.name.endsWith('.md')) yield path;
  }
}

/** One hash of everything that a build reads: two trees with the same hash build the same. */
export async function hashSources(root) {
  const files = ROOT_FILES.map((file) => join(root, file));
  for (const folder of BUILT_FROM) for await (const file of walk(join(root, folder))) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(file.slice(root.length));
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}
