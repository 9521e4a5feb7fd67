import type { Migration } from 'kysely/migration';
import { migration as accounts } from './0001-accounts.js';
import { migration as content } from './0002-content.js';
import { migration as strategies } from './0003-strategies.js';
import { migration as owners } from './0004-owners.js';

/** The app's own tables, by name; the order of the names is the order of their making. */
export const migrations: Record<string, Migration> = {
  '0001-accounts': accounts,
  '0002-content': content,
  '0003-strategies': strategies,
  '0004-owners': owners,
};
