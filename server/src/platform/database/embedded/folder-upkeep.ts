import type { PGlite } from '@electric-sql/pglite';
import { Logger } from '@nestjs/common';

const CHECKPOINT_INTERVAL_MS = 5 * 60_000;
const VACUUMS_PER_CHECKPOINT = 12;

/** Does what PostgreSQL's background processes would: without them the WAL and dead rows grow for ever. */
export function keepFolderSmall(pglite: PGlite): { stop(): void } {
  const logger = new Logger('EmbeddedDatabase');
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
    const statement = turns % VACUUMS_PER_CHECKPOINT === 0 ? 'VACUUM (ANALYZE)' : 'CHECKPOINT';
    pglite.query(statement).catch((error: unknown) => logger.error({ err: error }, `${statement} failed`));
  }, CHECKPOINT_INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
