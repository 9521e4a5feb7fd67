/** Builds libraries, server and client; `buildIfNeeded` only when a source has changed since the last build. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { root, run } from './run.mjs';
import { hashSources } from './sources.mjs';

const stamp = join(root, '.cache', 'built');
const clientFolder = join(root, 'client', 'dist', 'browser');
const COMPRESSED = /\.(?:js|css|html|svg|json|ico|webmanifest)$/;

async function runOrFail(command, args) {
  const { code } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed with exit code ${code}`);
}

/** Compresses once what is served a thousand times. */
async function compressClient() {
  for (const entry of await readdir(clientFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }
}

async function build() {
  await runOrFail('tsc', ['-b']);
  await runOrFail('ng', ['build']);
  await compressClient();
}

export async function buildIfNeeded() {
  const hash = await hashSources(root);
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === hash) return;
  process.stdout.write('Building: this takes a minute, and is skipped next time.\n');
  await build();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
}

if (process.argv[1] === import.meta.filename) await buildIfNeeded();
