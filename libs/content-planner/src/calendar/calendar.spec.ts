import { describe, expect, it } from '@jest/globals';
import type { Brief, TeamMember } from '@throughline/strategy-contract';
import fc from 'fast-check';
import { isoWeekday } from '../findings/dates.js';
import { planAll, plannerInput, sampleMaterial } from '../testing/plan-all.js';
import type { Candidate } from './candidate.js';
import { TeamCapacity } from './capacity.js';
import { FormatShares } from './format-shares.js';
import type { RankedItem } from './prioritize.js';
import { scheduleItems } from './schedule.js';
import { publicHolidays, slotsOf, spanFrom } from './slots.js';
import { answerTitle, needTitle, overviewTitle, themeTitle } from './titles.js';

function item(key: string, hours: [number, number][] = [], after?: string): RankedItem {
  const candidate: Candidate = {
    key,
    reason: 'gap',
    action: 'write',
    topicId: 't',
    title: () => key,
    why: '',
    words: key,
    confidence: 'high',
    figures: {},
    inputs: [],
    ...(after === undefined ? {} : { after }),
  };
  return {
    candidate,
    format: 'article',
    priority: 1,
    figures: {},
    ...(hours.length === 0 ? {} : { hours: new Map(hours) }),
  };
}

const NO_PEAKS = { frequency: 'weekly', peakMonths: [] };

describe('slots', () => {
  it('begin on the Monday after, one a week on the weekday asked for', () => {
    const slots = slotsOf(spanFrom('2026-07-01', 4, undefined), 'weekly', [4]);
    expect(slots.map(({ date }) => date)).toEqual(['2026-07-09', '2026-07-16', '2026-07-23', '2026-07-30']);
  });

  it('move off a public holiday to the next working day, and name it', () => {
    expect(publicHolidays('US', '2026-11-01', '2026-12-31').get('2026-11-26')).toMatch(/Thanksgiving/);
    const slots = slotsOf(spanFrom('2026-11-23', 1, 'US'), 'weekly', [4]);
    expect(slots).toEqual([{ date: '2026-11-27', week: 1, movedFrom: 'Thanksgiving Day (2026-11-26)' }]);
  });

  it('take no holidays for a country that is not known', () => {
    expect(publicHolidays('XX', '2026-01-01', '2026-12-31').size).toBe(0);
  });

  it.each([
    ['daily', 52 * 5],
    ['several_per_week', 52 * 3],
    ['weekly', 52],
    ['biweekly', 26],
    ['monthly', 12],
    ['quarterly', 4],
  ] as const)('come %s as often as that says', (frequency, expected) => {
    const slots = slotsOf(spanFrom('2027-01-01', 52, undefined), frequency, undefined);
    expect(Math.abs(slots.length - expected)).toBeLessThanOrEqual(1);
    expect(new Set(slots.map(({ date }) => date)).size).toBe(slots.length);
  });

  it('fall on working days unless the brief asks for others', () => {
    for (const { date } of slotsOf(spanFrom('2026-12-01', 30, 'DE'), 'daily', undefined))
      expect(isoWeekday(date)).toBeLessThan(6);
    expect(slotsOf(spanFrom('2026-12-07', 1, 'DE'), 'weekly', [6]).map(({ date }) => isoWeekday(date))).toEqual([6]);
  });
});

describe('schedules', () => {
  const span = spanFrom('2026-07-06', 4, undefined);
  const slots = slotsOf(span, 'weekly', undefined);
  const team: TeamMember[] = [{ role: 'Writer', hoursPerWeek: 10, hoursPerFormat: { article: 10 } }];

  it('give slots by priority, and say that the frequency binds when they run out', () => {
    const placed = scheduleItems(
      ['a', 'b', 'c', 'd', 'e'].map((key) => item(key)),
      { ...NO_PEAKS, slots },
    );
    expect(placed.filter((one) => 'slot' in one)).toHaveLength(4);
    expect(placed[4]).toMatchObject({ constraint: expect.stringContaining('Publishing frequency (weekly)') });
  });

  it('wait until the hours of earlier weeks suffice', () => {
    const capacity = new TeamCapacity(team, span);
    const placed = scheduleItems([item('large', [[0, 22]])], { ...NO_PEAKS, slots, capacity });
    expect(placed[0]).toMatchObject({ slot: { week: 3 } });
  });

  it('count only the working days up to the day of publishing', () => {
    // Ten hours a week are two a day; up to the Tuesday of the third week there are twelve working days.
    const isEnough = (hours: number) =>
      new TeamCapacity(team, span).shortBy(new Map([[0, hours]]), '2026-07-21') === undefined;
    expect([isEnough(24), isEnough(24.1)]).toEqual([true, false]);
  });

  it('say that the frequency binds where only days before the first hours are free', () => {
    const writer: TeamMember[] = [{ role: 'Writer', hoursPerWeek: 40, hoursPerFormat: { article: 20 } }];
    const capacity = new TeamCapacity(writer, span);
    const placed = scheduleItems(
      ['a', 'b', 'c', 'd'].map((key) => item(key, [[0, 20]])),
      { ...NO_PEAKS, slots, capacity },
    );
    expect(placed.slice(0, 3).map((one) => ('slot' in one ? one.slot.week : undefined))).toEqual([2, 3, 4]);
    expect(placed[3]).toMatchObject({ constraint: expect.stringContaining('Publishing frequency') });
  });

  it('name the role whose hours run out', () => {
    const capacity = new TeamCapacity(team, span);
    const placed = scheduleItems([item('first', [[0, 30]]), item('second', [[0, 10]])], {
      ...NO_PEAKS,
      slots,
      capacity,
    });
    expect(placed[1]).toMatchObject({ constraint: expect.stringContaining('Hours of the Writer') });
  });

  it('never take more hours than there are up to any week', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 30 }),
        (hours, perWeek) => {
          const capacity = new TeamCapacity([{ role: 'Writer', hoursPerWeek: perWeek }], span);
          const placed = scheduleItems(
            hours.map((value, at) => item(`i${at}`, [[0, value]])),
            { ...NO_PEAKS, slots, capacity },
          );
          for (let week = 1; week <= 4; week += 1) {
            const used = placed.reduce(
              (sum, one) => sum + ('slot' in one && one.slot.week <= week ? (one.item.hours?.get(0) ?? 0) : 0),
              0,
            );
            expect(used).toBeLessThanOrEqual(perWeek * week);
          }
          expect(placed).toHaveLength(hours.length);
        },
      ),
    );
  });

  it('put an overview before what hangs on it, whatever their priorities', () => {
    const placed = scheduleItems([item('cluster', [], 'pillar'), item('other'), item('pillar')], {
      ...NO_PEAKS,
      slots,
    });
    const weekOf = (key: string) =>
      placed.flatMap((one) => ('slot' in one && one.item.candidate.key === key ? [one.slot.week] : []))[0] as number;
    expect(weekOf('pillar')).toBeLessThan(weekOf('cluster'));
  });

  it('keep peak months for new content', () => {
    const refresh = item('refresh');
    refresh.candidate.action = 'refresh';
    const [placed] = scheduleItems([refresh], { ...NO_PEAKS, slots, peakMonths: [7] });
    expect(placed).toMatchObject({ constraint: expect.any(String) });
  });

  it('lose hours to holidays', () => {
    const week = (country: string | undefined) =>
      new TeamCapacity(team, spanFrom('2026-12-21', 1, country)).totalHours();
    expect(week('US')).toBeCloseTo(8, 8);
    expect(week(undefined)).toBeCloseTo(10, 8);
  });
});

describe('formats', () => {
  it('come near the stated mix', () => {
    const shares = new FormatShares({
      formats: ['article', 'guide', 'video'],
      preferences: [],
      mix: { article: 60, guide: 30, video: 10 },
    });
    const given = Array.from({ length: 20 }, () => shares.next(false));
    expect(given.filter((format) => format === 'article')).toHaveLength(12);
    expect(given.filter((format) => format === 'guide')).toHaveLength(6);
  });

  it('are deep where depth is asked for', () => {
    const shares = new FormatShares({ formats: ['video', 'guide'], preferences: ['video'] });
    expect(shares.next(true)).toBe('guide');
  });

  it('never come up where the mix gives them nothing', () => {
    const shares = new FormatShares({
      formats: ['article', 'podcast'],
      preferences: ['podcast'],
      mix: { article: 100 },
    });
    expect(Array.from({ length: 5 }, () => shares.next(false))).not.toContain('podcast');
  });
});

describe('titles', () => {
  it('keep the words of the brief', () => {
    expect(answerTitle('Procurement takes too long.', 'article', 'authoritative')).toBe(
      'Procurement takes too long: what works',
    );
    expect(answerTitle('Procurement takes too long', 'guide', 'friendly')).toBe(
      'Guide: procurement takes too long – how we can make it easier',
    );
    expect(answerTitle('APIs break', 'case_study', 'friendly')).toBe('Case study: APIs break – what helped');
    expect(needTitle('Compare costs across sites', 'Director', 'guide')).toBe('How to compare costs across sites');
    expect(needTitle('Recruit participants', 'Product owner', 'webinar')).toBe('Webinar: how to recruit participants');
    expect(needTitle('Budget approval', 'Office manager', 'article')).toBe(
      'Budget approval: what an office manager should know',
    );
  });

  it('say the theme once, and paste no other terms beside it', () => {
    const title = (theme: string, isKnown: boolean) =>
      themeTitle({ theme, industry: 'Government technology', isKnown }, 'article');
    for (const theme of ['Plain language', 'Zero trust', 'Data visualization']) {
      for (const isKnown of [true, false]) {
        const parts = title(theme, isKnown).toLowerCase().split(theme.toLowerCase());
        expect([theme, parts.length]).toEqual([theme, 2]);
        expect(title(theme, isKnown)).toMatch(/in government technology/);
      }
    }
  });

  it('keep the capitals of names', () => {
    expect(overviewTitle('Technology Transformation Services', 'guide')).toBe(
      'The guide to Technology Transformation Services',
    );
    expect(overviewTitle('Spare parts', 'guide')).toBe('The guide to spare parts');
    expect(overviewTitle('API strategy', 'webinar')).toBe('Webinar: an overview of API strategy');
  });

  it('give an adjective its noun', () => {
    const theme = { theme: 'multilingual', industry: undefined, isKnown: false };
    expect(themeTitle(theme, 'guide')).toBe('A guide to multilingual content');
  });
});

describe('the calendar section', () => {
  const material = sampleMaterial(40);
  const planWith = (team: TeamMember[] | undefined) => {
    const { team: _, ...business } = material.brief.business;
    const brief: Brief = { ...material.brief, business: team === undefined ? business : { ...business, team } };
    return planAll(plannerInput({ ...material, brief })).calendar;
  };

  it('starts today where the start of the brief has passed, and says so', () => {
    const brief: Brief = { ...material.brief, business: { ...material.brief.business, startDate: '2026-01-05' } };
    const { calendar, roadmap } = planAll(plannerInput({ ...material, brief }));
    const dates = [...calendar.findings.map(({ date }) => date), ...roadmap.findings.map(({ start }) => start)];
    expect(dates.filter((date) => date !== undefined && date < '2026-07-01')).toEqual([]);
    expect(calendar.findings[0]?.assumptions[0]).toMatch(/2026-07-06, .*the brief’s start, 2026-01-05, has passed/);
  });

  it('says where it has fewer items than days to publish on', () => {
    const business = { objectives: ['Sell more'], targetMetrics: [{ name: 'Leads', unit: 'leads' as const }] };
    const brief: Brief = { ...material.brief, business, competition: { competitors: [] } };
    const { calendar } = planAll(plannerInput({ brief, own: [], competitor: [] }));
    expect(calendar.state).toBe('partial');
    expect(calendar.unavailableReason).toMatch(/fewer items than there are days/);
    expect(calendar.supply?.some(({ adds }) => /empty/.test(adds))).toBe(true);
  });

  it('asks for hours where the brief has none, and follows the stated frequency unchecked', () => {
    const calendar = planWith(undefined);
    expect(calendar.state).toBe('partial');
    expect(calendar.supply?.[0]?.what).toMatch(/hours/);
    expect(calendar.findings.every(({ owner, figures }) => owner === undefined && figures['hours'] === undefined)).toBe(
      true,
    );
  });

  it('plans only formats for which somebody states hours, and asks for the others', () => {
    const calendar = planWith([{ role: 'Writer', hoursPerWeek: 30, hoursPerFormat: { article: 10 } }]);
    expect(new Set(calendar.findings.map(({ format }) => format))).toEqual(new Set(['article']));
    expect(calendar.unavailableReason).toMatch(/guide, case study and video/);
  });

  it('comes to fewer items where hours are short, and says whose', () => {
    const calendar = planWith([
      { role: 'Writer', hoursPerWeek: 3, hoursPerFormat: { article: 12, guide: 12, case_study: 12, video: 12 } },
    ]);
    const entries = calendar.findings.filter(({ kind }) => kind === 'entry');
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.length).toBeLessThanOrEqual(6);
    expect(calendar.findings.some(({ constraint }) => constraint?.includes('Hours of the Writer'))).toBe(true);
  });
});
