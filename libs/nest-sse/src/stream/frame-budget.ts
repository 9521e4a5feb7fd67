import type { EncodedPage } from './encoded-page.js';

/** A window that holds pages. */
export interface PageOwner {
  drop(page: EncodedPage): void;
}

/** What all windows of an application may hold together: the pages that were not used for the longest go first. */
export class FrameBudget {
  /** The least lately used first. */
  private readonly owners = new Map<EncodedPage, PageOwner>();
  private byteCount = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes of all windows. */
  get size(): number {
    return this.byteCount;
  }

  add(page: EncodedPage, owner: PageOwner): void {
    this.owners.set(page, owner);
    this.byteCount += page.size;
  }

  /** A page has grown by so many bytes. */
  grow(bytes: number): void {
    this.byteCount += bytes;
  }

  /** A page was used. */
  touch(page: EncodedPage): void {
    const owner = this.owners.get(page);
    if (!owner) return;
    this.owners.delete(page);
    this.owners.set(page, owner);
  }

  remove(page: EncodedPage): void {
    if (this.owners.delete(page)) this.byteCount -= page.size;
  }

  /** Drops what is too much. */
  enforce(): void {
    for (const [page, owner] of this.owners) {
      if (this.byteCount <= this.maxBytes) return;
      owner.drop(page);
    }
  }
}
