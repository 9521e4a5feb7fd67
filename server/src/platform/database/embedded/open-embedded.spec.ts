import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openEmbedded } from './open-embedded.js';

const TIMEOUT_MS = 60_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-embedded-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the embedded database', () => {
  it(
    'keeps what was written, and lets nobody else in meanwhile',
    async () => {
      const first = await openEmbedded(folder);
      await sql`create table kept (value text)`.execute(first.db);
      await sql`insert into kept values ('here')`.execute(first.db);
      await expect(openEmbedded(folder)).rejects.toThrow(`process ${process.pid}`);
      await first.close();

      const second = await openEmbedded(folder);
      const { rows } = await sql<{ value: string }>`select value from kept`.execute(second.db);
      expect(rows).toEqual([{ value: 'here' }]);
      await second.close();
    },
    TIMEOUT_MS,
  );

  it(
    'takes no half-built cluster for a whole one',
    async () => {
      const draft = join(folder, 'postgres.new');
      await mkdir(draft);
      await writeFile(join(draft, 'PG_VERSION'), 'broken');
      const handle = await openEmbedded(folder);
      await sql`select 1`.execute(handle.db);
      await handle.close();
      expect(await readdir(folder)).not.toContain('postgres.new');
    },
    TIMEOUT_MS,
  );
});
