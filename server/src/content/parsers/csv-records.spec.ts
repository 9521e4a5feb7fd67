import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CsvRecord, CsvReader } from './csv-records.js';

function readAll(text: string, separator = ',', maxFields = 500): CsvRecord[] {
  const reader = new CsvReader(text, separator, maxFields);
  const records: CsvRecord[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
  return records;
}

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('CsvReader', () => {
  it('gives back any cells that were written with quotation marks, whatever the separator and line end', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', '""', ',', ';', '\n', '\r\n', '\r', '\t', '', ' a '));
    const row = fc
      .array(cell, { minLength: 1, maxLength: 6 })
      .filter((cells) => cells.some((text) => text.trim() !== ''));
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 8 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, separator, lineEnd) => {
          const text = rows.map((cells) => cells.map(quote).join(separator)).join(lineEnd);
          expect(readAll(text, separator).map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });

  it('ends for any text, and each record begins on a later line than the one before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', ',', '\n', '\r', 'a', ' '), { maxLength: 60 }), (parts) => {
        const lines = readAll(parts.join('')).map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
      }),
    );
  });

  it('counts lines inside of quoted cells, so that later rows are named by their own line', () => {
    expect(readAll('a,b\n"x\ny\r\nz",1\nlast,2').map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('loses only the line of a quotation mark that is never closed', () => {
    const records = readAll('a,"b\nc,d\ne,f');
    expect(records).toEqual([
      { line: 1, fields: ['a'], fault: 'unclosed_quote' },
      { line: 2, fields: ['c', 'd'] },
      { line: 3, fields: ['e', 'f'] },
    ]);
  });

  it('loses only one line also where the open mark pairs with a later one', () => {
    const records = readAll('a,"b\nc,d\ne,"f"\ng,h');
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, 'unclosed_quote'],
      [2, undefined],
      [3, undefined],
      [4, undefined],
    ]);
  });

  it('marks text behind a closing mark', () => {
    expect(readAll('a,"b"c,d')[0]?.fault).toBe('text_after_quote');
  });

  it('skips blank lines and lines of separators only', () => {
    expect(readAll('\n,,\na\n\n').map(({ fields }) => fields)).toEqual([['a']]);
  });

  it('keeps at most one cell more than allowed of a row of ten million', () => {
    expect(readAll(','.repeat(10_000_000) + 'x\nb', ',', 500)).toEqual([{ line: 2, fields: ['b'] }]);
    expect(readAll('x' + ',y'.repeat(1_000_000), ',', 500)[0]?.fields).toHaveLength(501);
  });

  it('reads hostile quotation marks in linear time', () => {
    const started = performance.now();
    for (const line of ['"a\n', '"""a\n', '""a\n', '"\n']) readAll(line.repeat(500_000));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
