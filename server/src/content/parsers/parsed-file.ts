import type { ContentItem, ImportReport } from '@throughline/strategy-contract';

/** What a parser makes of a file. */
export interface ParsedFile {
  items: ContentItem[];
  report: ImportReport;
}
