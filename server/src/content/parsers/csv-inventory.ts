import { type ColumnMap, type ColumnName, findColumns, refuseHeader } from './csv-columns.js';
import { CsvReader, type CsvRecord } from './csv-records.js';
import { unreadable } from './file-refused.js';
import { ItemCollector } from './item-collector.js';
import { IMPORT_LIMITS } from './limits.js';
import type { ParsedFile } from './parsed-file.js';
import { toLine } from './plain-text.js';

const SEPARATORS = [',', ';', '\t', '|'] as const;

interface Header {
  reader: CsvReader;
  separator: string;
  columns: ColumnMap;
  width: number;
}

function readHeader(text: string, separator: string): { reader: CsvReader; separator: string; record: CsvRecord } {
  const reader = new CsvReader(text, separator, IMPORT_LIMITS.columns);
  const record = reader.next();
  if (record === undefined) throw unreadable('The file is empty.');
  // Excel's own way to name the separator stands above the header.
  if (/^sep=/i.test(record.fields.join('')) && record.line === 1) {
    const header = reader.next();
    if (header === undefined) throw unreadable('The file has no lines below "sep=".', { line: 1 });
    return { reader, separator, record: header };
  }
  return { reader, separator, record };
}

/** Takes the separator that finds a column of addresses, and of those the one that finds most columns. */
function openInventory(text: string): Header {
  const tries = SEPARATORS.map((separator) => readHeader(text, separator)).sort(
    (a, b) => b.record.fields.length - a.record.fields.length,
  );
  const best = tries.find(({ record }) => findColumns(record.fields) !== undefined) ?? tries[0]!;
  const { reader, separator, record } = best;
  const columns = findColumns(record.fields);
  if (columns === undefined || record.fields.length > IMPORT_LIMITS.columns)
    throw refuseHeader(record.fields, record.line);
  if (record.fault !== undefined) {
    throw unreadable('The names of the columns hold a quotation mark that is not closed, or text behind one.', {
      line: record.line,
    });
  }
  return { reader, separator, columns, width: record.fields.length };
}

/** Tags are separated by the first of these that occurs, so that a comma within one of `a, b|c` survives. */
function splitTags(cell: string): string[] {
  const separator = ['|', ';', ','].find((mark) => cell.includes(mark));
  return separator === undefined ? [cell] : cell.split(separator);
}

/** A row in one piece that another separator would cut into all of its cells: its address would hold the other cells. */
function isSeparatedOtherwise(fields: readonly string[], { separator, width }: Header): boolean {
  if (width === 1 || fields.length !== 1) return false;
  return SEPARATORS.some((other) => other !== separator && fields[0]!.split(other).length === width);
}

function addRow(collector: ItemCollector, { line, fields, fault }: CsvRecord, header: Header): void {
  const { columns, width } = header;
  if (fault !== undefined) return collector.skip(fault, line);
  if (isSeparatedOtherwise(fields, header)) return collector.skip('other_separator', line);
  if (fields.length > width && fields.slice(width).some((field) => field.trim() !== '')) {
    return collector.skip('too_many_fields', line);
  }
  const cell = (name: ColumnName): string => {
    const index = columns[name];
    return index === undefined ? '' : toLine(fields[index] ?? '');
  };
  return collector.add(
    {
      url: cell('url'),
      title: cell('title'),
      published: cell('published'),
      modified: cell('modified'),
      excerpt: cell('excerpt'),
      tags: splitTags(cell('tags')),
      wordCount: cell('wordCount'),
    },
    line,
  );
}

/**
 * Reads a CSV inventory: a header in any order with the usual names, cells separated by `,` `;` tab or `|`.
 * Cells are kept as they are written, so one that begins like a formula stays text. Throws `FileRefused`.
 */
export function parseCsvInventory(text: string): ParsedFile {
  const header = openInventory(text);
  const collector = new ItemCollector();
  for (let record = header.reader.next(); record !== undefined; record = header.reader.next()) {
    addRow(collector, record, header);
  }
  const parsed = collector.finish();
  if (parsed.report.read === 0) throw unreadable('The file names columns but has no rows below them.');
  return parsed;
}
