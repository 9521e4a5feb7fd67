import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { type BriefDraft, briefDraftSchema } from './brief.js';
import { BRIEF_FIELDS, completeBrief, isFieldFilled, measureCompleteness } from './brief-completeness.js';
import { toFaults } from './faults.js';

const complete: BriefDraft = {
  business: { objectives: ['Grow'], targetMetrics: [{ name: 'Visits', unit: 'visits' }] },
  audience: { painPoints: ['Slow'], preferences: ['article'] },
  competition: { competitors: [] },
  content: { formats: ['article'], frequency: 'weekly', voice: 'friendly' },
};

function faultsOf(brief: unknown) {
  const parsed = v.safeParse(briefDraftSchema, brief);
  return parsed.success ? [] : toFaults(parsed.issues, 'brief').map(({ path, code }) => `${path} ${code}`);
}

describe('a brief', () => {
  it('may be empty while it is written', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('has 31 fields, 8 of them required', () => {
    expect(BRIEF_FIELDS).toHaveLength(31);
    expect(BRIEF_FIELDS.filter(({ isRequired }) => isRequired)).toHaveLength(8);
  });

  it.each([
    [{ extra: 1 }, 'brief.extra unknown_field'],
    [{ business: { extra: 1 } }, 'brief.business.extra unknown_field'],
    [{ business: { objectives: [''] } }, 'brief.business.objectives.0 too_short'],
    [{ business: { startDate: '2026-02-30' } }, 'brief.business.startDate invalid'],
    [{ business: { horizonWeeks: 105 } }, 'brief.business.horizonWeeks too_large'],
    [{ business: { budget: { amount: 1, currency: 'euro', per: 'month' } } }, 'brief.business.budget.currency invalid'],
    [{ audience: { buyingJourney: { purchase: 'x' } } }, 'brief.audience.buyingJourney.purchase unknown_field'],
    [{ audience: { preferences: ['essay'] } }, 'brief.audience.preferences.0 not_allowed'],
    [{ business: { country: 'XX' } }, 'brief.business.country invalid'],
    [{ audience: { engagement: { 'a\u0000b': 1 } } }, 'brief.audience.engagement.a\u0000b invalid'],
    [{ content: { mix: { article: 50, video: 49 } } }, 'brief.content.mix invalid'],
    [
      { competition: { competitors: [{ name: 'A', url: 'javascript:alert(1)' }] } },
      'brief.competition.competitors.0.url invalid',
    ],
  ])('tells what is wrong with %j', (brief, fault) => {
    expect(faultsOf(brief)).toEqual([fault]);
  });

  it('is complete with its required fields, an empty list of competitors among them', () => {
    expect(completeBrief(complete)).toEqual({ brief: { ...complete, analytics: {} } });
    const { competition: _competition, ...without } = complete;
    expect(completeBrief(without)).toEqual({
      faults: [expect.objectContaining({ path: 'brief.competition.competitors', code: 'required' })],
    });
  });

  it('counts false and 0 as filled in, and empty lists and objects as not', () => {
    const brief: BriefDraft = {
      business: { marketShare: 0, objectives: [] },
      audience: { engagement: {} },
      analytics: { testing: false },
    };
    expect(isFieldFilled(brief, 'business.marketShare')).toBe(true);
    expect(isFieldFilled(brief, 'analytics.testing')).toBe(true);
    expect(isFieldFilled(brief, 'business.objectives')).toBe(false);
    expect(isFieldFilled(brief, 'audience.engagement')).toBe(false);
  });

  it('says for each group what is filled in and which required fields are not', () => {
    const [business] = measureCompleteness({ business: { objectives: ['Grow'] } });
    expect(business).toEqual({
      group: 'business',
      filled: 1,
      total: 10,
      missingRequired: ['business.targetMetrics'],
    });
  });
});
