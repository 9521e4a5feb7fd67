import { describe, expect, it } from '@jest/globals';
import { checkBrief, faultsOf, withoutFaultyFields } from './check-brief';

describe('checkBrief', () => {
  it('finds a mix that does not add up, at its field', () => {
    const faults = checkBrief({ content: { mix: { article: 60, video: 30 } } });
    expect(faultsOf(faults, 'content.mix')).toHaveLength(1);
    expect(faultsOf(faults, 'content.formats')).toHaveLength(0);
  });
});

describe('withoutFaultyFields', () => {
  it('keeps the last good value of a faulty field and all others', () => {
    const brief = { business: { horizonWeeks: 2, industry: 'Tea' } };
    const kept = withoutFaultyFields(brief, checkBrief(brief), { business: { horizonWeeks: 26 } });
    expect(kept).toEqual({ business: { horizonWeeks: 26, industry: 'Tea' } });
  });
});
