import { ConfigFault, readConfig } from './platform/config/index.js';
import { DataFolderInUse, openDatabase } from './platform/database/index.js';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  // The database opens while the app's modules load. It opens before Nest has a say, so that what an operator can put
  // right about it is told in one sentence.
  const [database, { serve }] = await Promise.all([openDatabase(config), import('./serve.js')]);
  await serve(config, database);
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as { code?: string } | undefined)?.code ?? '');
}

/** Of the system (ports, folders, addresses) and of PostgreSQL (password, role and database that do not fit). */
const OPERATOR_CODES = [
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EEXIST',
  'ENOTDIR',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '28000',
  '28P01',
  '3D000',
  '42501',
];

/** What the operator can put right gets a sentence, not a stack. */
function isOperatorFault(error: unknown): error is Error {
  return error instanceof ConfigFault || error instanceof DataFolderInUse || hasCode(error, ...OPERATOR_CODES);
}

try {
  await start();
} catch (error) {
  process.stderr.write(isOperatorFault(error) ? `${error.message}\n` : `${(error as Error).stack ?? String(error)}\n`);
  process.exit(1);
}
