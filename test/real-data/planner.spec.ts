import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateSampleContent, planStep, type PlannerInput, type PlannerStepId } from '@throughline/content-planner';
import { GENERATION_STEPS, type ContentItem, type Sections } from '@throughline/strategy-contract';
import Papa from 'papaparse';

/** Where content of real sites lies; it is not part of the project. */
const DATA = join(import.meta.dirname, '../../../shared/data');
const FILES = ['18f', 'digitalgov'].map((site) => join(DATA, site, 'inventory.csv'));

function readInventory(file: string): ContentItem[] {
  const { data } = Papa.parse<Record<string, string>>(readFileSync(file, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  return data.map(({ url = '', title = '', published, excerpt, tags = '', word_count: words }) => ({
    url,
    title,
    tags: tags.split('|').filter((tag) => tag !== ''),
    ...(published ? { published } : {}),
    ...(excerpt ? { excerpt } : {}),
    ...(words ? { wordCount: Number(words) } : {}),
  }));
}

describe('the planner on two real blogs', () => {
  let input: PlannerInput;
  let sections: Sections;
  let longestSilenceMs = 0;
  let durationMs = 0;

  beforeAll(() => {
    const [own, competitor] = FILES.map(readInventory) as [ContentItem[], ContentItem[]];
    const { brief } = generateSampleContent(1);
    input = {
      brief: { ...brief, competition: { competitors: [{ name: 'Digital.gov' }] } },
      sources: [
        { id: 'own', name: '18F', kind: 'own', sha256: 'a'.repeat(64), items: own },
        { id: 'competitor', name: 'Digital.gov', kind: 'competitor', sha256: 'b'.repeat(64), items: competitor },
      ],
      today: '2026-11-24',
      seed: 7,
      sections: {},
    };
    const started = performance.now();
    let last = started;
    const report = () => {
      const now = performance.now();
      longestSilenceMs = Math.max(longestSilenceMs, now - last);
      last = now;
    };
    sections = GENERATION_STEPS.reduce<Partial<Sections>>((made, { id }) => {
      if (id === 'compile') return made;
      return { ...made, ...planStep(id satisfies PlannerStepId, { ...input, sections: made }, report) };
    }, {}) as Sections;
    durationMs = performance.now() - started;
  }, 60_000);

  const titles = (kind: string): string =>
    sections.competition.findings
      .filter((finding) => finding.kind === kind)
      .flatMap(({ title, terms }) => [title, ...terms.slice(0, 2)])
      .join(' | ');

  it('finds topics again in subsamples, and tags agree with them', () => {
    const pillars = sections.topics.findings.filter(({ role }) => role === 'pillar');
    expect(pillars.length).toBeGreaterThanOrEqual(8);
    expect(pillars[0]?.stability?.value).toBeGreaterThanOrEqual(0.4);
    expect(pillars[0]?.figures['tagLift']?.value).toBeGreaterThanOrEqual(1.7);
    for (const { title } of pillars) expect(title).not.toMatch(/18f|digital\.gov/i);
  });

  it('finds the same kind of topics with another seed', () => {
    const { topics } = planStep('topics', { ...input, seed: 42 });
    expect(topics?.findings[0]?.stability?.value).toBeGreaterThanOrEqual(0.4);
    expect(topics?.findings[0]?.figures['tagLift']?.value).toBeGreaterThanOrEqual(1.7);
  });

  it('finds the known gaps and the known strength', () => {
    expect(titles('gap')).toMatch(/multilingual/i);
    expect(titles('gap')).toMatch(/robotic process automation/i);
    expect(titles('gap')).toMatch(/analytics/i);
    expect(titles('strength')).toMatch(/procurement/i);
    expect(titles('gap')).not.toMatch(/procurement/i);
  });

  it('calls themes and topics by words that readers use', () => {
    const findings = [...sections.competition.findings, ...sections.topics.findings, ...sections.calendar.findings];
    for (const { id, title } of findings) {
      expect([id, /accessibiliti|strategi\b|experienc\b|govern-?anc\b/.test(`${id} ${title}`)]).toEqual([id, false]);
      expect([title, /\bpart$|\b(?:web Design|digital Corps|what matters)\b/.test(title)]).toEqual([title, false]);
    }
    const pillars = sections.topics.findings.filter(({ role }) => role === 'pillar');
    for (const { title, figures } of pillars)
      expect([title, (figures['recurrence']?.value as number) > 0.3]).toEqual([title, true]);
  });

  it('counts what can be counted by hand', () => {
    const gap = sections.competition.findings.find(({ kind, title }) => kind === 'gap' && /^multilingual/i.test(title));
    expect(gap?.figures['ownPages']?.value).toBe(0);
    const [own] = input.sources;
    const pages = new Set(own?.items.map(({ url }) => url)).size;
    const dated = sections.insights.findings.find(({ figures }) => figures['dated'] !== undefined);
    expect(dated?.figures['dated']?.value).toBe(pages);
  });

  it('reports at least about once a second, and is done in seconds', () => {
    expect(longestSilenceMs).toBeLessThan(2000);
    expect(durationMs).toBeLessThan(10_000);
  });
});
