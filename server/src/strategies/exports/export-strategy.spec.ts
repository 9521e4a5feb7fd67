import { describe, expect, it } from '@jest/globals';
import type { CalendarFinding, Finding, Section, StrategyDocument } from '@throughline/strategy-contract';
import Papa from 'papaparse';
import { exportStrategy } from './export-strategy.js';

const empty: Section<never> = {
  state: 'unavailable',
  inputsUsed: [],
  unavailableReason: 'Nothing was supplied.',
  findings: [],
};

const entry: CalendarFinding = {
  id: 'entry-1',
  kind: 'entry',
  title: '=HYPERLINK("http://evil.example") <script>alert(1)</script> [x](javascript:alert(1))',
  why: 'Because\nof *this*.',
  method: 'list scheduling',
  inputsUsed: [{ field: 'business.team' }, { sourceId: 's1', rows: 3, what: 'pages on the topic' }],
  confidence: 'medium',
  assumptions: [],
  figures: { effort: { value: 8, unit: 'hours', basis: 'assumption', by: 'user' } },
  date: '2026-12-01',
  format: 'article',
  topicId: 't1',
  action: 'write',
};

function document(): StrategyDocument {
  const calendar: Section<CalendarFinding> = { state: 'ready', inputsUsed: [], findings: [entry] };
  return {
    schemaVersion: 1,
    strategyId: 'strategy',
    version: 2,
    createdAt: '2026-11-24T10:00:00.000Z',
    brief: {} as StrategyDocument['brief'],
    insights: empty,
    audience: empty,
    competition: empty,
    topics: empty,
    opportunities: empty,
    calendar,
    performance: empty,
    budget: empty,
    roadmap: empty,
    risks: empty,
    gaps: [{ section: 'topics', reason: 'No content.', supply: 'An inventory.' }],
    provenance: {
      plannerVersion: '1',
      seed: 1,
      writer: 'built-in',
      sources: [{ id: 's1', name: 'Own | site', kind: 'own', rows: 3, sha256: 'abc' }],
    },
  };
}

const file = (format: Parameters<typeof exportStrategy>[2]) =>
  exportStrategy('Plan: Ünïcode & more / 2026', JSON.stringify(document()), format);

describe('an exported strategy', () => {
  it('has a name that every browser saves alike', () => {
    expect(file('md').name).toBe('plan-unicode-more-2026-v2.md');
    expect(exportStrategy('計画', JSON.stringify(document()), 'csv').name).toBe('strategy-v2.csv');
  });

  it('is as JSON what was stored, byte for byte', () => {
    expect(file('json').body).toBe(JSON.stringify(document()));
  });

  it('carries in Markdown the evidence, and no markup that was imported', () => {
    const { body } = file('md');
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('[x](');
    expect(body).toContain('effort: 8 hours \\(assumption: yours\\)');
    expect(body).toContain('Own \\| site: 3 rows, pages on the topic');
    expect(body).toContain('Nothing was supplied.');
    expect(body).toContain('## What could not be said');
  });

  it('has in CSV one row a statement and no cell that a spreadsheet would run', () => {
    const { body } = file('csv');
    const { data } = Papa.parse<Record<string, string>>(body.slice(1).trimEnd(), { header: true });
    expect(body.startsWith('\ufeff')).toBe(true);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ section: 'calendar', kind: 'entry', date: '2026-12-01', confidence: 'medium' });
    expect(data[0]!['title']!.startsWith("'=")).toBe(true);
  });

  it('has in iCalendar an all-day event a date, the same one in each version', () => {
    const { body } = file('ics');
    const unfolded = body.replaceAll(/\r\n[ \t]/g, '');
    expect(unfolded).toContain('DTSTART;VALUE=DATE:20261201');
    expect(unfolded).toContain('UID:strategy-entry-1@throughline');
    expect(unfolded).toContain('SEQUENCE:2');
    expect(unfolded).toContain('SUMMARY:Write: =HYPERLINK');
    expect(body.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(unfolded.split('\r\n').filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
    expect(unfolded).toContain('DESCRIPTION:Because\\nof *this*.');
  });

  it('names every source by its name', () => {
    const finding: Finding = document().calendar.findings[0]!;
    expect(finding.inputsUsed).toHaveLength(2);
    expect(file('csv').body).toContain('Own | site');
  });
});
