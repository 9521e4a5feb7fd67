import type { Cursor } from '@throughline/sse-protocol';
import { bytesOf, chunksOf, EncodedPage, type FrameChunk } from './encoded-page.js';
import type { LogFrame } from './frame-encoder.js';

/**
 * The newest encoded frames of a log, and those that were lately read from it for a client that is behind: shared by all
 * connections, found by cursor, bounded in bytes. It is a cache of what comes after a cursor, which in a log never
 * changes; whoever finds nothing here reads the log.
 */
export class FrameWindow {
  /** Oldest first. */
  private readonly pages = new Set<EncodedPage>();
  private tail: EncodedPage | undefined;
  private byteCount = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes that are held. */
  get size(): number {
    return this.byteCount;
  }

  /** Adds the newest frames, which follow the place `start`; answers with the writes that send them. */
  append(start: Cursor | undefined, frames: readonly LogFrame[], end: Cursor): FrameChunk[] {
    const chunks = chunksOf(frames, end);
    let at = start;
    for (const chunk of chunks) {
      if (!this.tail || this.tail.end !== at || this.tail.isFull) {
        this.tail = new EncodedPage(at, at ?? chunk.end);
        this.pages.add(this.tail);
      }
      this.tail.append(chunk.frames, chunk.end);
      at = chunk.end;
    }
    this.byteCount += bytesOf(frames);
    this.evict();
    return chunks;
  }

  /** Keeps what was read for a client that is behind. */
  remember(start: Cursor | undefined, frames: readonly LogFrame[], end: Cursor): void {
    let at = start;
    for (const chunk of chunksOf(frames, end)) {
      const page = new EncodedPage(at, chunk.end);
      page.append(chunk.frames, chunk.end);
      this.pages.add(page);
      this.byteCount += page.size;
      at = chunk.end;
    }
    this.evict();
  }

  /** What follows `cursor`, as far as one page of it is here. */
  find(cursor: Cursor | undefined): FrameChunk | undefined {
    for (const page of this.pages) {
      const index = page.indexAfter(cursor);
      if (index !== undefined && index < page.length) return page.chunkFrom(index);
    }
    return undefined;
  }

  clear(): void {
    this.pages.clear();
    this.tail = undefined;
    this.byteCount = 0;
  }

  private evict(): void {
    for (const page of this.pages) {
      if (this.byteCount <= this.maxBytes) return;
      if (page === this.tail) continue;
      this.pages.delete(page);
      this.byteCount -= page.size;
    }
  }
}
