import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import type { EmbeddedDatabase } from '../database-handle.js';
import { lockDataFolder } from './data-folder-lock.js';
import { startParams } from './embedded-options.js';
import { keepFolderSmall } from './folder-upkeep.js';
import { yieldBetweenStatements } from './yield-between-statements.js';

const builder = fileURLToPath(new URL('./build-data-folder.js', import.meta.url)).replace(
  /([\\/]server)([\\/])src([\\/])/,
  '$1$2dist$2src$3',
);

/** Builds the cluster beside its place and moves it there whole: a crash in the middle leaves no half-made folder. */
async function buildOnce(cluster: string): Promise<void> {
  if (existsSync(cluster)) return;
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', builder, draft]);
  await rename(draft, cluster);
}

/** Opens (at the first time makes) the embedded database in `folder`. Throws `DataFolderInUse`. */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const lock = await lockDataFolder(root);
  try {
    const cluster = join(root, 'postgres');
    await buildOnce(cluster);
    const pglite = await PGlite.create(cluster, { startParams });
    yieldBetweenStatements(pglite);
    const upkeep = keepFolderSmall(pglite);
    return {
      kind: 'embedded',
      pglite,
      db: new Kysely({ dialect: new PGliteDialect({ pglite }) }),
      close: async () => {
        upkeep.stop();
        await pglite.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
