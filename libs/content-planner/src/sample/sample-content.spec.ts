import { describe, expect, it } from '@jest/globals';
import { BRIEF_FIELDS, briefDraftSchema, completeBrief, isFieldFilled } from '@throughline/strategy-contract';
import { isoWeekday } from '../findings/dates.js';
import { generateSampleContent } from './sample-content.js';

describe('the sample', () => {
  const sample = generateSampleContent(1);

  it('is the same for the same seed, and other pages for another', () => {
    expect(generateSampleContent(1)).toEqual(sample);
    expect(generateSampleContent(2).own.map(({ title }) => title)).not.toEqual(sample.own.map(({ title }) => title));
  });

  it('has a brief that the product takes, with every field filled in', () => {
    expect(briefDraftSchema['~standard'].validate(sample.brief)).not.toHaveProperty('issues');
    expect(completeBrief(sample.brief)).toHaveProperty('brief');
    expect(BRIEF_FIELDS.filter(({ path }) => !isFieldFilled(sample.brief, path))).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('has whole pages without gaps in their sentences, seed %i', (seed) => {
    const { own, competitor } = generateSampleContent(seed);
    expect([own.length, competitor.length]).toEqual([150, 120]);
    const pages = [...own, ...competitor];
    expect(new Set(pages.map(({ url }) => url)).size).toBe(pages.length);
    for (const { title, excerpt = '', tags, published = '' } of pages) {
      expect(`${title} ${excerpt}`).not.toMatch(/[{}]|undefined| {2}/);
      expect(excerpt).toMatch(/\.$/);
      expect(tags.length).toBeGreaterThan(0);
      expect(published <= '2026-06-30').toBe(true);
    }
  });

  it('ends on the day asked for', () => {
    const { own, brief } = generateSampleContent(1, '2027-03-31');
    expect(own[own.length - 1]?.published?.slice(0, 7)).toBe('2027-03');
    expect(brief.business.startDate).toBe('2027-04-05');
  });

  it.each(['2026-11-22', '2026-11-23', '2026-11-24', '2026-12-31'])(
    'starts and aims at days after the day that it is made for, %s',
    (day) => {
      const { business } = generateSampleContent(1, day).brief;
      expect((business.startDate ?? '') > day).toBe(true);
      expect(isoWeekday(business.startDate ?? '')).toBe(1);
      for (const { by = '' } of business.targetMetrics) expect(by > (business.startDate ?? '')).toBe(true);
    },
  );
});
