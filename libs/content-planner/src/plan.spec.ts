import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  GENERATION_STEPS,
  SECTION_KEYS,
  UNITS,
  isRunMessageData,
  type Figure,
  type Finding,
  type Sections,
} from '@throughline/strategy-contract';
import { compileDocument } from './compile-document.js';
import { formatNumber, say, sayNumber } from './findings/wording.js';
import { planStep } from './plan-step.js';
import { generateSampleContent } from './sample/sample-content.js';
import { summarize } from './summarize.js';
import { planAll, plannerInput, sampleMaterial } from './testing/plan-all.js';

const ABOUT = { strategyId: 's-1', version: 1, createdAt: '2026-07-01T00:00:00.000Z' };

/** Numbers in a sentence, apart from what it quotes, dates, and names with digits in them. */
function numbersIn(text: string): string[] {
  const plain = text
    .replace(/“[^”]*”/g, '')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, '')
    .replace(/\b(?:19|20)\d\d\b/g, '')
    .replace(/\b\d\d:00\b/g, '');
  return plain.match(/(?<![\p{L}\d])\d+(?:,\d{3})*(?:\.\d+)?/gu) ?? [];
}

/** Whether a figure says what its basis asks for. */
function isBacked({ basis, method, by, source }: Figure): boolean {
  if (basis === 'computed') return (method ?? '') !== '';
  if (basis === 'assumption') return by === 'user' || by === 'product';
  return basis === 'observed' || (source?.year ?? 0) > 2000;
}

function numbersOf(figures: Record<string, Figure>): Set<string> {
  const said = Object.values(figures).flatMap((figure) => [say(figure), sayNumber(figure)]);
  return new Set(said.flatMap((text) => text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []));
}

describe('a plan of the sample', () => {
  const material = sampleMaterial();
  const input = plannerInput(material);
  let sections: Sections;
  let all: Finding[];

  beforeAll(() => {
    sections = planAll(input);
    all = SECTION_KEYS.flatMap((key) => sections[key].findings as Finding[]);
  });

  it('makes exactly the sections of each step', () => {
    for (const step of GENERATION_STEPS) {
      if (step.id === 'compile') continue;
      expect(Object.keys(planStep(step.id, { ...input, sections }))).toEqual([...step.sections]);
    }
  });

  it('sends sections in the shape that the protocol promises', () => {
    for (const key of SECTION_KEYS) {
      expect([
        key,
        isRunMessageData('section', { runId: 'r', timestamp: 't', section: key, content: sections[key] }),
      ]).toEqual([key, true]);
    }
  });

  it('is plain data that survives JSON and a message to another thread', () => {
    expect(JSON.parse(JSON.stringify(sections))).toEqual(sections);
    expect(structuredClone(sections)).toEqual(sections);
    expect(JSON.stringify(sections)).not.toContain('null');
  });

  it('gives the same bytes for the same input and seed', () => {
    expect(JSON.stringify(planAll(structuredClone(input)))).toBe(JSON.stringify(sections));
  });

  it('gives other topics for another seed, but the same pages in them', () => {
    const other = planStep('topics', { ...input, seed: 8 }).topics;
    const count = (findings: Sections['topics']['findings']) =>
      new Set(findings.filter(({ role }) => role === 'pillar').flatMap(({ pages }) => pages.map(({ url }) => url)))
        .size;
    expect(count(other?.findings ?? [])).toBeGreaterThan(0.9 * count(sections.topics.findings));
  });

  it('tags every figure, in a unit of the list or in a currency', () => {
    const figures = all.flatMap((finding) => Object.values(finding.figures));
    expect(figures.length).toBeGreaterThan(200);
    for (const figure of figures) {
      expect([...UNITS, 'USD']).toContain(figure.unit);
      expect(Number.isFinite(figure.value)).toBe(true);
      expect([figure.basis, isBacked(figure)]).toEqual([figure.basis, true]);
    }
  });

  it('says no number that is not a figure of the same finding', () => {
    for (const { id, title, why, figures } of all) {
      const known = numbersOf(figures);
      const unknown = numbersIn(`${title}. ${why}`).filter((number) => !known.has(number));
      expect({ id, unknown }).toEqual({ id, unknown: [] });
    }
  });

  it('writes one sentence of why for each finding, and a method', () => {
    for (const { id, why, method, title } of all) {
      expect([id, /[.!?][”']?$/.test(why)]).toEqual([id, true]);
      expect([id, /^[\p{Lu}\p{N}“]/u.test(title)]).toEqual([id, true]);
      expect([id, `${title}${why}`.match(/undefined|NaN|\[object| {2}|\.\.|“”/)]).toEqual([id, null]);
      expect(method.length).toBeGreaterThan(10);
    }
  });

  it('asks for things to supply in words that read on from "Supply"', () => {
    const bare = planAll(plannerInput({ brief: material.brief, own: [], competitor: [] }));
    const supplies = [sections, bare].flatMap((made) => SECTION_KEYS.flatMap((key) => made[key].supply ?? []));
    expect(supplies.length).toBeGreaterThan(5);
    for (const { what, adds } of supplies) {
      for (const text of [what, adds]) expect([text, /[.!?]$/.test(text)]).toEqual([text, false]);
      expect(what).toMatch(/^\p{Ll}/u);
    }
  });

  it('asks for nothing twice', () => {
    for (const key of SECTION_KEYS) {
      const asked = (sections[key].supply ?? []).map(({ what }) => what);
      expect([key, new Set(asked).size]).toEqual([key, asked.length]);
    }
  });

  it('nests no quotation mark in one of its kind', () => {
    for (const { id, title, why } of all)
      expect([id, /“[^”]*“|'[^']* '|“[^”]*'[^'”s]*'/.test(`${title} ${why}`)]).toEqual([id, false]);
  });

  it('shows words, never stems, in titles, terms and ids', () => {
    for (const { id, title } of all)
      expect([id, /(?:iliti|iciti|iviti|abiliti|maintenanc|conditi?on-monitor)\b/.test(`${id} ${title}`)]).toEqual([
        id,
        false,
      ]);
  });

  it('names a theme of the brief that is counted too once', () => {
    const gaps = sections.competition.findings.filter(({ title }) => /condition monitoring/i.test(title));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ kind: 'gap', title: 'Condition monitoring with sensors' });
    expect(gaps[0]?.why).toMatch(/and the brief names it as a gap/);
    expect(gaps[0]?.inputsUsed).toContainEqual({ field: 'competition.knownGaps' });
  });

  it('keeps as clusters only parts that a name tells from their topic', () => {
    const { findings } = sections.topics;
    for (const cluster of findings.filter(({ role }) => role === 'cluster')) {
      const pillar = findings.find(({ id }) => id === cluster.parentId);
      expect(cluster.title).not.toBe(pillar?.title);
      expect(cluster.pages.length).toBeLessThanOrEqual(0.75 * (pillar?.pages.length ?? 0));
      expect(cluster.stability).toBeUndefined();
    }
  });

  it('finds goals that take more visits than another aims at', () => {
    const conflict = sections.risks.findings.find(({ rule }) => rule === 'conflict');
    expect(conflict?.figures['needed']?.value).toBe(Math.ceil(110 / 0.008));
    expect(conflict?.figures['target']?.value).toBe(12_000);
  });

  it('gives every finding an id of its own', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to findings that are there', () => {
    const ids = new Set(all.map(({ id }) => id));
    const missing = [
      ...sections.calendar.findings.map(({ topicId }) => topicId),
      ...sections.topics.findings.flatMap(({ parentId }) => parentId ?? []),
      ...sections.performance.findings.flatMap(({ parentId }) => parentId ?? []),
      ...sections.roadmap.findings.flatMap(({ dependsOn }) => dependsOn),
    ].filter((id) => !ids.has(id));
    expect(missing).toEqual([]);
  });

  it('finds what the competitor has and the site lacks, and the other way round', () => {
    const titles = (kind: string) =>
      sections.competition.findings
        .filter((finding) => finding.kind === kind)
        .map(({ title }) => title)
        .join(' | ');
    expect(titles('gap')).toMatch(/condition monitoring/i);
    expect(titles('gap')).toMatch(/energy/i);
    expect(titles('strength')).toMatch(/training/i);
    expect(titles('strength')).not.toMatch(/energy/i);
  });

  it('plans within the weeks, one item a slot, on the weekdays of the brief', () => {
    const entries = sections.calendar.findings.filter(({ kind }) => kind === 'entry');
    const dates = entries.map(({ date }) => date as string);
    // The Tuesday of the first week comes before the writer can have finished anything.
    expect(entries).toHaveLength(25);
    expect(entries[0]?.week).toBe(2);
    expect(new Set(dates).size).toBe(dates.length);
    expect([...dates].sort()).toEqual(dates);
    expect((dates[0] as string) >= '2026-07-13').toBe(true);
  });

  it('names what found no place, and the constraint that binds', () => {
    const waiting = sections.calendar.findings.filter(({ kind }) => kind === 'unscheduled');
    expect(waiting.length).toBeGreaterThan(0);
    for (const { constraint, date } of waiting) {
      expect(constraint).toMatch(/frequency|Hours|Waits/);
      expect(date).toBeUndefined();
    }
  });

  it('says that search data and a history are missing, and how to supply them', () => {
    expect(sections.opportunities).toMatchObject({ state: 'unavailable', findings: [] });
    expect(sections.opportunities.supply?.[0]?.what).toMatch(/Search Console.*Export/);
    expect(sections.performance.state).toBe('partial');
    expect(sections.performance.findings.some(({ kind }) => kind === 'forecast')).toBe(false);
  });

  it('compiles a document whose gaps name each lack, and sums it up from the document alone', () => {
    const document = compileDocument({ ...input, sections }, ABOUT);
    expect(document.gaps.map(({ section }) => section)).toEqual(
      expect.arrayContaining(['opportunities', 'performance']),
    );
    expect(document.provenance).toMatchObject({
      writer: 'built-in',
      seed: 7,
      sources: [
        { id: 'own-1', rows: 150 },
        { id: 'competitor-1', rows: 120 },
      ],
    });
    const entries = sections.calendar.findings.filter(({ kind }) => kind === 'entry').length;
    expect(summarize(document)).toContain(`${formatNumber(entries)} calendar items`);
    expect(summarize(document)).toContain('cannot yet say anything about search opportunities');
  });

  it('stands for a step that did not finish with a section that says so', () => {
    const { topics: _, ...rest } = sections;
    const document = compileDocument({ ...input, sections: rest }, ABOUT);
    expect(document.topics.state).toBe('unavailable');
    expect(document.gaps.some(({ section }) => section === 'topics')).toBe(true);
  });

  it('reports finished work, never more than there is', () => {
    const reports: [number, number][] = [];
    planAll(input, ({ done, total }) => reports.push([done, total]));
    expect(reports.length).toBeGreaterThan(20);
    expect(reports.every(([done, total]) => done >= 0 && done <= total)).toBe(true);
  });
});

describe('a plan with little to go by', () => {
  const { brief, own } = sampleMaterial(20);
  const required = {
    business: { objectives: ['Sell more'], targetMetrics: [{ name: 'Leads', unit: 'leads' as const }] },
    audience: { painPoints: ['Breakdowns'], preferences: ['article' as const] },
    competition: { competitors: [] },
    content: { formats: ['article' as const], frequency: 'monthly' as const, voice: 'casual' as const },
    analytics: {},
  };

  it('plans from the brief alone, and says of each part what it lacks', () => {
    const sections = planAll(plannerInput({ brief, own: [], competitor: [] }));
    expect(sections.insights.state).toBe('unavailable');
    expect(sections.topics.state).toBe('partial');
    expect(sections.topics.findings.every(({ stability }) => stability === undefined)).toBe(true);
    expect(sections.competition.state).toBe('partial');
    expect(sections.calendar.findings.length).toBeGreaterThan(0);
    const silent = SECTION_KEYS.filter((key) => {
      const { state, unavailableReason = '', supply = [] } = sections[key];
      return state !== 'ready' && (unavailableReason.length < 10 || supply.length === 0);
    });
    expect(silent).toEqual([]);
  });

  it('plans from the required fields alone without inventing a figure', () => {
    const sections = planAll(plannerInput({ brief: required, own: [], competitor: [] }));
    expect(sections.budget.state).toBe('unavailable');
    expect(sections.calendar.state).toBe('partial');
    const goal = sections.performance.findings.find(({ title }) => title === 'Leads');
    expect(goal?.needs).toMatch(/baseline/);
    expect(goal?.figures).toEqual({});
    const document = compileDocument(
      { ...plannerInput({ brief: required, own: [], competitor: [] }), sections },
      ABOUT,
    );
    expect(summarize(document)).toMatch(/calendar item/);
  });

  it('takes the themes of the brief for topics under thirty pages, and says so', () => {
    const { topics } = planAll(plannerInput({ brief, own, competitor: [] }));
    expect(topics.unavailableReason).toMatch(/Too few own pages/);
    expect(topics.findings.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Breakdowns come without warning']),
    );
    expect(topics.findings.every(({ confidence }) => confidence === 'low')).toBe(true);
  });

  it('reads pages with titles alone, and asks for dates and word counts', () => {
    const bare = generateSampleContent(3)
      .own.slice(0, 60)
      .map(({ url, title }) => ({ url, title, tags: [], isTitleFromUrl: true }));
    const { insights, topics } = planAll(plannerInput({ brief, own: bare, competitor: [] }));
    expect(topics.findings.length).toBeGreaterThan(2);
    expect(insights.state).toBe('partial');
    expect(insights.supply?.map(({ what }) => what).join(' ')).toMatch(/dates.*Word counts/i);
    expect(insights.findings.some(({ theme }) => theme === 'cadence' || theme === 'freshness')).toBe(false);
  });

  it('survives pages that say nothing, entities, markup and twice the same address', () => {
    const odd = [
      ...sampleMaterial(40).own,
      { url: 'https://fieldnote.example/empty', title: '>', tags: [] },
      { url: 'https://fieldnote.example/empty', title: 'Twice', tags: [] },
      {
        url: 'https://fieldnote.example/odd',
        title: 'Q&amp;A: <b>pumps</b> &#8220;explained&#8221;',
        excerpt: '\u0001 &nbsp;',
        tags: ['', '---'],
        wordCount: 0,
      },
    ];
    const sections = planAll(plannerInput({ brief, own: odd, competitor: [] }));
    const text = JSON.stringify(sections);
    expect(text).not.toMatch(/&amp;|&nbsp;|<b>/);
    expect(sections.topics.findings.length).toBeGreaterThan(1);
  });
});
