import type { Cursor } from '@throughline/sse-protocol';
import { EncodedPage, type FrameChunk } from './encoded-page.js';
import type { FrameBudget, PageOwner } from './frame-budget.js';

/**
 * The newest encoded frames of a log, and those that were lately read from it for a client that is behind: shared by all
 * connections, found by cursor, bounded in bytes. It is a cache of what comes after a cursor, which in a log never
 * changes; whoever finds nothing here reads the log.
 */
export class FrameWindow implements PageOwner {
  /** The least lately used first. */
  private readonly pages = new Set<EncodedPage>();
  private tail: EncodedPage | undefined;
  private byteCount = 0;

  /**
   * @param maxBytes bound of this window
   * @param budget bound of all windows together
   */
  constructor(
    private readonly maxBytes: number,
    private readonly budget: FrameBudget,
  ) {}

  /** Bytes that are held. */
  get size(): number {
    return this.byteCount;
  }

  /** Adds the newest frames, which follow the place `start`. */
  append(start: Cursor | undefined, chunks: readonly FrameChunk[]): void {
    let at = start;
    for (const chunk of chunks) {
      if (this.tail && this.tail.end === at && !this.tail.isFull) {
        this.tail.append(chunk);
        this.byteCount += chunk.bytes.length;
        this.budget.grow(chunk.bytes.length);
      } else {
        this.tail = this.add(new EncodedPage(at, chunk));
      }
      at = chunk.end;
    }
    this.evict();
  }

  /** Keeps what was read for a client that is behind. */
  remember(start: Cursor | undefined, chunks: readonly FrameChunk[]): void {
    let at = start;
    for (const chunk of chunks) {
      this.add(new EncodedPage(at, chunk));
      at = chunk.end;
    }
    this.evict();
  }

  /** What follows `cursor`, as far as one page of it is here. */
  find(cursor: Cursor | undefined): FrameChunk | undefined {
    for (const page of this.pages) {
      const index = page.indexAfter(cursor);
      if (index === undefined) continue;
      this.pages.delete(page);
      this.pages.add(page);
      this.budget.touch(page);
      return page.chunkFrom(index);
    }
    return undefined;
  }

  /** Forgets a page. */
  drop(page: EncodedPage): void {
    if (!this.pages.delete(page)) return;
    if (page === this.tail) this.tail = undefined;
    this.byteCount -= page.size;
    this.budget.remove(page);
  }

  clear(): void {
    for (const page of this.pages) this.drop(page);
  }

  private add(page: EncodedPage): EncodedPage {
    this.pages.add(page);
    this.byteCount += page.size;
    this.budget.add(page, this);
    return page;
  }

  private evict(): void {
    for (const page of this.pages) {
      if (this.byteCount <= this.maxBytes) break;
      if (page !== this.tail) this.drop(page);
    }
    this.budget.enforce();
  }
}
