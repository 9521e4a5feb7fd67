import type { Cursor } from '@throughline/sse-protocol';
import type { LogReader } from '../log/log-reader.js';
import type { ReadablePage } from '../log/readable-log.js';
import { chunksOf, type LogChunk } from './encoded-page.js';
import type { FrameEncoder, LogFrame } from './frame-encoder.js';

/** Most messages per read: enough to amortise a query. */
const MAX_PAGE_MESSAGES = 200;
/** About as many bytes per read, going by the last one: few enough to read again where a slow client let them pass. */
const PAGE_BYTES = 256 * 1024;

/** A part of a log as it is sent. */
export interface PageInBytes {
  /** Up to the first message that cannot be sent. */
  readonly chunks: readonly LogChunk[];
  /** Why the rest cannot be sent; absent where all can. */
  readonly failure?: { readonly error: unknown };
}

/** What was read from a log, and how it is sent. */
export interface PageRead extends PageInBytes {
  readonly page: ReadablePage;
  /** Whether nobody else has read the same. */
  readonly isNew: boolean;
}

/** Reads a log in parts of about the same bytes, and encodes each part once for all who read it at the same time. */
export class PageReader {
  private readonly encoded = new WeakMap<ReadablePage, PageInBytes>();
  private pageSize = MAX_PAGE_MESSAGES / 2;

  constructor(
    private readonly reader: LogReader,
    private readonly encoder: FrameEncoder,
  ) {}

  /** Reads what follows `position`, together with all that ask for it now. */
  async read(position: Cursor | undefined): Promise<PageRead> {
    const page = await this.reader.read(position, this.pageSize);
    const known = this.encoded.get(page);
    if (known) return { page, isNew: false, ...known };
    const encoded = this.encode(page);
    this.encoded.set(page, encoded);
    return { page, isNew: true, ...encoded };
  }

  private encode(page: ReadablePage): PageInBytes {
    const frames: LogFrame[] = [];
    try {
      for (const message of page.events) frames.push(this.encoder.encode(message));
    } catch (error) {
      // What precedes the message that cannot be sent is no worse for it.
      return { chunks: chunksOf(frames, frames.at(-1)?.id ?? page.cursor), failure: { error } };
    }
    const chunks = chunksOf(frames, page.cursor);
    this.adapt(frames.length, chunks);
    return { chunks };
  }

  private adapt(messages: number, chunks: readonly LogChunk[]): void {
    if (messages === 0) return;
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    const fitting = Math.floor((PAGE_BYTES * messages) / bytes);
    this.pageSize = Math.max(1, Math.min(MAX_PAGE_MESSAGES, fitting));
  }
}
