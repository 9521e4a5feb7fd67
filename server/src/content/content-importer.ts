import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ContentItem, ContentSource, SourceFormat, SourceKind } from '@throughline/strategy-contract';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { ProblemException } from '../platform/http/index.js';
import { WorkerPool } from '../platform/workers/index.js';
import { ContentStore } from './content.store.js';
import type { ImportOutcome, ImportTask } from './import-content.task.js';
import type { Refusal } from './parsers/file-refused.js';
import { type PreparedImport, prepareImport } from './prepared-import.js';

/** The slowest file of the largest size takes a tenth of it. */
const READ_TIMEOUT_MS = 60_000;

const TASK = new URL('./import-content.task.js', import.meta.url);

/** What a user says of a file. */
export interface SourceLabel {
  name: string;
  kind: SourceKind;
}

function toProblem({ code, detail, line, column, detected }: Refusal): ProblemException {
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  const errors = [{ path: code === 'format_conflict' ? 'format' : 'file', code, message: detail }];
  const found = detected === undefined ? {} : { detected };
  return new ProblemException(code === 'too_many_columns' ? 413 : 422, code, detail, { errors, ...place, ...found });
}

/** Turns files and items into stored sources. */
@Injectable()
export class ContentImporter {
  constructor(
    private readonly workers: WorkerPool,
    private readonly store: ContentStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Reads a file in a worker thread and stores it. Throws a problem, 413 or 422, where the file cannot be used. */
  async importFile(
    ownerId: string,
    { name, kind, format, bytes }: SourceLabel & { format?: SourceFormat; bytes: Uint8Array },
  ): Promise<ContentSource> {
    const task: ImportTask = format === undefined ? { bytes } : { bytes, format };
    const outcome = await this.read(task);
    if (outcome.kind === 'refused') throw toProblem(outcome.refusal);
    return this.add(ownerId, { name, kind }, outcome.prepared);
  }

  /** Stores items that are known to be sound; `bytes` are what they stand for as a file. */
  async importItems(
    ownerId: string,
    {
      name,
      kind,
      format,
      items,
      bytes,
    }: SourceLabel & { format: SourceFormat; items: readonly ContentItem[]; bytes: Uint8Array },
  ): Promise<ContentSource> {
    const report = { read: items.length, kept: items.length, skipped: 0, reasons: [] };
    return this.add(ownerId, { name, kind }, await prepareImport(bytes, { format, items, report }));
  }

  private async read(task: ImportTask): Promise<ImportOutcome> {
    const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
    try {
      return await this.workers.run<ImportOutcome>(TASK, task, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      const detail = 'The file could not be read within a minute. Split it, or try again later.';
      throw new ProblemException(422, 'unreadable_file', detail);
    }
  }

  private async add(
    ownerId: string,
    { name, kind }: SourceLabel,
    { chunks, ...prepared }: PreparedImport,
  ): Promise<ContentSource> {
    const source: ContentSource = {
      id: randomUUID(),
      name,
      kind,
      createdAt: this.clock.now().toISOString(),
      ...prepared,
    };
    await this.store.add(ownerId, source, chunks);
    return source;
  }
}
