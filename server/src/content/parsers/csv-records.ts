import { IMPORT_LIMITS } from './limits.js';

/** What makes a record unusable: its cells can no longer be told apart. */
export type RecordFault = 'unclosed_quote' | 'text_after_quote';

/** Cells are cut before their marks are undone: the rest of a cell of ten million characters costs nothing. */
const MAX_CHARS = IMPORT_LIMITS.rawFieldChars;

/** One record of a CSV file. */
export interface CsvRecord {
  /** The line that it begins on, from 1. */
  line: number;
  /** Its cells; those beyond `maxFields` + 1 are dropped. */
  fields: string[];
  fault?: RecordFault;
}

const QUOTE = 34;
const CR = 13;
const LF = 10;
const SPACE = 32;

/**
 * Reads RFC 4180 records one by one, with LF, CRLF or CR line ends. It is our own because the import must name the line
 * of a broken row, go on after a quotation mark that is never closed, and read a line of ten million separators without
 * a cell for each of them: Papa Parse tells row numbers only, swallows the rest of the file and takes over 300 MB.
 */
export class CsvReader {
  private at = 0;
  private line = 1;
  private readonly separator: number;

  constructor(
    private readonly text: string,
    separator: string,
    private readonly maxFields: number,
  ) {
    this.separator = separator.charCodeAt(0);
  }

  /** The next record that is not blank; `undefined` at the end. */
  next(): CsvRecord | undefined {
    while (this.at < this.text.length) {
      const record = this.readRecord();
      if (record.fault !== undefined || record.fields.some((field) => field.trim() !== '')) return record;
    }
    return undefined;
  }

  private readRecord(): CsvRecord {
    const start = { at: this.at, line: this.line };
    const record: CsvRecord = { line: this.line, fields: [] };
    for (;;) {
      const field = this.readField(record);
      if (record.fault === 'unclosed_quote') {
        this.resumeAfterLine(start);
        return record;
      }
      if (record.fields.length <= this.maxFields) record.fields.push(field);
      const end = this.text.charCodeAt(this.at);
      if (end !== this.separator) break;
      this.at += 1;
    }
    this.endLine();
    return record;
  }

  /** Reads a cell and stops before what ended it. */
  private readField(record: CsvRecord): string {
    let quote = this.at;
    while (this.text.charCodeAt(quote) === SPACE) quote += 1;
    return this.text.charCodeAt(quote) === QUOTE ? this.readQuoted(record, quote + 1) : this.readPlain();
  }

  private readPlain(): string {
    const start = this.at;
    const { text, separator } = this;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === separator || code === LF || code === CR) break;
    }
    this.at = at;
    return text.slice(start, Math.min(at, start + MAX_CHARS));
  }

  private readQuoted(record: CsvRecord, start: number): string {
    const { text } = this;
    let end = text.indexOf('"', start);
    let hasDoubled = false;
    while (end !== -1 && text.charCodeAt(end + 1) === QUOTE) {
      hasDoubled = true;
      end = text.indexOf('"', end + 2);
    }
    if (end === -1) {
      record.fault = 'unclosed_quote';
      return '';
    }
    const lines = this.countLineEnds(start, end);
    this.at = end + 1;
    if (this.readPlain().trim() !== '') {
      // A mark that is never closed pairs with the next one, lines below: then only its own line is lost.
      record.fault = lines > 0 ? 'unclosed_quote' : 'text_after_quote';
      if (lines > 0) return '';
    }
    this.line += lines;
    const value = text.slice(start, Math.min(end, start + MAX_CHARS));
    return hasDoubled ? value.replaceAll('""', '"') : value;
  }

  private countLineEnds(from: number, to: number): number {
    let count = 0;
    for (let at = from; at < to; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === LF || (code === CR && this.text.charCodeAt(at + 1) !== LF)) count += 1;
    }
    return count;
  }

  private resumeAfterLine(start: { at: number; line: number }): void {
    this.at = start.at;
    this.line = start.line;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === LF || code === CR) break;
      this.at += 1;
    }
    this.endLine();
  }

  private endLine(): void {
    if (this.at >= this.text.length) return;
    if (this.text.charCodeAt(this.at) === CR && this.text.charCodeAt(this.at + 1) === LF) this.at += 1;
    this.at += 1;
    this.line += 1;
  }
}
