import { type Finding, SECTION_KEYS, type StrategyDocument } from '@throughline/strategy-contract';
import Papa from 'papaparse';
import { describeFigure, describeInput } from './describe-figure.js';

/**
 * One row a statement (RFC 4180, UTF-8 with a BOM, which spreadsheets need to see UTF-8). Cells that a spreadsheet would
 * take for a formula are neutralised with an apostrophe (OWASP, "CSV injection").
 */
export function toTable(document: StrategyDocument): string {
  const rows = SECTION_KEYS.flatMap((section) =>
    document[section].findings.map((finding) => {
      const {
        date = '',
        action = '',
        format = '',
        url = '',
      } = finding as Finding & Partial<Record<'date' | 'action' | 'format' | 'url', string>>;
      const figures = Object.entries(finding.figures).map(([name, figure]) => `${name}: ${describeFigure(figure)}`);
      const evidence = finding.inputsUsed.map((input) => describeInput(input, document));
      return {
        section,
        kind: finding.kind,
        date,
        action,
        format,
        title: finding.title,
        url,
        why: finding.why,
        figures: figures.join('; '),
        confidence: finding.confidence,
        method: finding.method,
        assumptions: finding.assumptions.join('; '),
        evidence: evidence.join('; '),
      };
    }),
  );
  const columns = [
    'section',
    'kind',
    'date',
    'action',
    'format',
    'title',
    'url',
    'why',
    'figures',
    'confidence',
    'method',
    'assumptions',
    'evidence',
  ];
  return `\ufeff${Papa.unparse(rows, { columns, escapeFormulae: true, newline: '\r\n' })}\r\n`;
}
