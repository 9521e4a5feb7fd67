import type { ExportFormat, StrategyDocument } from '@throughline/strategy-contract';
import { toCalendar } from './calendar.js';
import { toMarkdown } from './markdown.js';
import { toTable } from './table.js';

/** A file to download. */
export interface ExportedFile {
  name: string;
  type: string;
  body: string;
}

const TYPES: Record<ExportFormat, string> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
};

/** File names of ASCII only: what every browser saves under the same name. */
function toFileName(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80);
  return ascii === '' ? 'strategy' : ascii;
}

/** Renders a version in one of the formats. `text` is the stored document, given back as it is for `json`. */
export function exportStrategy(name: string, text: string, format: ExportFormat): ExportedFile {
  const document = JSON.parse(text) as StrategyDocument;
  const render: Record<ExportFormat, () => string> = {
    json: () => text,
    md: () => toMarkdown(name, document),
    csv: () => toTable(document),
    ics: () => toCalendar(name, document),
  };
  return { name: `${toFileName(name)}-v${document.version}.${format}`, type: TYPES[format], body: render[format]() };
}
