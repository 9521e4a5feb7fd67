/** What one import may hold. Beyond `fileBytes` and `columns` a file is refused; beyond the others rows or fields are left out. */
export const IMPORT_LIMITS = {
  fileBytes: 25 * 1024 * 1024,
  rows: 200_000,
  columns: 500,
  urlChars: 2048,
  titleChars: 500,
  excerptChars: 2000,
  tags: 50,
  tagChars: 100,
  /** Words of one page; a larger figure is a slip. */
  wordCount: 10_000_000,
  /** Characters of one cell or element that are read at all: far above what is kept of any. */
  rawFieldChars: 65_536,
  /** Child elements of one entry of a feed that are read. */
  entryFields: 1000,
  /** Attributes that one element may have. */
  xmlAttributes: 100,
  /** How deep the elements of an XML file may nest. */
  xmlDepth: 100,
  /** Line numbers shown for one reason. */
  reportedLines: 20,
} as const;
