import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process uses the data folder; two of them would destroy it. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  readonly code = 'data_folder_in_use';
}

/** A lock that the kernel releases when the process ends, however it ends. */
export interface DataFolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

async function describeHolder(holderFile: string): Promise<string> {
  try {
    const holder = JSON.parse(await readFile(holderFile, 'utf8')) as { pid: number; since: string };
    return `process ${holder.pid} (since ${holder.since})`;
  } catch {
    // The note is for people only; a process that was just starting may not have written it yet.
    return 'another process';
  }
}

/**
 * Takes the folder for this process. The caller keeps the returned lock for as long as it uses the folder: once it is
 * collected the folder is free. Throws {@link DataFolderInUse}.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  const holderFile = join(folder, 'in-use-by.json');
  // An SQLite side file is the portable way to an advisory lock that a kill -9 releases; nothing is stored in it.
  const side = new DatabaseSync(join(folder, 'in-use.lock'));
  try {
    side.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    side.close();
    if (!isBusy(cause)) throw cause;
    throw new DataFolderInUse(
      `The data folder ${folder} is in use by ${await describeHolder(holderFile)}. Stop that process, or set ` +
        'THROUGHLINE_DATA_DIR to another folder.',
      { cause },
    );
  }
  await writeFile(holderFile, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  return { release: () => side.close() };
}
