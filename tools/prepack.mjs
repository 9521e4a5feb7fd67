/**
 * Runs before a library is packed: builds it, then removes from `dist` what no entry point leads to: what is left of sources
 * that are gone, and what only the library's own specs use. So what is packed is what can be imported.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript';
import { entriesOf, folderOf, manifestOf } from './libraries.mjs';
import { run } from './run.mjs';

/** The modules of a package that its entry points lead to, as paths without an ending. */
async function reachableFrom(entries) {
  const reached = new Set();
  const next = [...entries];
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    if (reached.has(module)) continue;
    reached.add(module);
    for (const ending of ['.js', '.d.ts']) {
      if (!existsSync(module + ending)) throw new Error(`${module}${ending} is imported, and is not there`);
      const { importedFiles } = ts.preProcessFile(await readFile(module + ending, 'utf8'));
      for (const { fileName } of importedFiles) {
        if (fileName.startsWith('.')) next.push(resolve(module, '..', fileName).replace(/\.js$/, ''));
      }
    }
  }
  return reached;
}

const library = basename(process.cwd());
const folder = folderOf(library);
const { code, output } = await run('tsc', ['-b', folder], { quiet: true });
if (code !== 0) {
  process.stderr.write(output);
  process.exit(code);
}
const reached = await reachableFrom(entriesOf(await manifestOf(library)).map(({ file }) => join(folder, file)));
for (const entry of await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const isOutput = entry.isFile() && /\.(?:js|d\.ts)(?:\.map)?$/.test(entry.name);
  if (isOutput && !reached.has(path.replace(/\.(?:js|d\.ts)(?:\.map)?$/, ''))) await rm(path, { force: true });
}
