/** Formats that can be imported. */
export const SOURCE_FORMATS = ['csv', 'rss', 'atom', 'sitemap'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];
export const SOURCE_KINDS = ['own', 'competitor'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** One page of imported content. */
export interface ContentItem {
  url: string;
  title: string;
  /** YYYY-MM-DD. */
  published?: string;
  /** YYYY-MM-DD. */
  modified?: string;
  excerpt?: string;
  tags: string[];
  wordCount?: number;
  /** Whether the title was made from the address, as with a sitemap. */
  isTitleFromUrl?: boolean;
}

/** Rows that were left out for one reason. */
export interface ImportReason {
  code: string;
  message: string;
  count: number;
  /** The first lines (1-based; entry numbers where a format has no lines) that it happened on, at most 20. */
  lines: number[];
}

/** What an import read. */
export interface ImportReport {
  read: number;
  kept: number;
  skipped: number;
  reasons: ImportReason[];
}

/** An imported source, as the API shows it. */
export interface ContentSource {
  id: string;
  name: string;
  kind: SourceKind;
  format: SourceFormat;
  itemCount: number;
  /** First and last date of its items, YYYY-MM-DD. */
  from?: string;
  to?: string;
  /** Of the uploaded bytes, in hexadecimal. */
  sha256: string;
  createdAt: string;
  report: ImportReport;
}

/** One source with a page of its items. */
export interface ContentSourceWithItems extends ContentSource {
  items: ContentItem[];
  nextCursor?: string;
}
