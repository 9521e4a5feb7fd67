import type { SourceFormat } from '@throughline/strategy-contract';
import { FileRefused, type Refusal } from './parsers/file-refused.js';
import { parseFile } from './parsers/parse-file.js';
import { type PreparedImport, prepareImport } from './prepared-import.js';

/** What the task works on. */
export interface ImportTask {
  bytes: Uint8Array;
  format?: SourceFormat;
}

/** What it answers; an error class would not survive the way back from the thread. */
export type ImportOutcome = { kind: 'prepared'; prepared: PreparedImport } | { kind: 'refused'; refusal: Refusal };

/** Reads an uploaded file in a worker thread, down to the rows that the store writes. */
export default async function importContent({ bytes, format }: ImportTask): Promise<ImportOutcome> {
  try {
    return { kind: 'prepared', prepared: await prepareImport(bytes, parseFile(bytes, format)) };
  } catch (error) {
    if (error instanceof FileRefused) return { kind: 'refused', refusal: error.refusal };
    throw error;
  }
}
