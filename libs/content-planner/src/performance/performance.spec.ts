import { describe, expect, it } from '@jest/globals';
import type { Brief } from '@throughline/strategy-contract';
import { planAll, plannerInput, sampleMaterial } from '../testing/plan-all.js';
import { criticalPath } from '../roadmap/critical-path.js';

const material = sampleMaterial(40);
const planWith = (change: (brief: Brief) => void) => {
  const brief = structuredClone(material.brief);
  change(brief);
  return planAll(plannerInput({ ...material, brief }));
};

describe('the KPI tree', () => {
  it('works visits back from a goal with the user’s own rate', () => {
    const { performance } = planWith((brief) => {
      brief.business.targetMetrics = [{ name: 'Leads', unit: 'leads', baseline: 10, target: 30 }];
      brief.analytics.conversionRates = { 'visit to lead': 0.02 };
    });
    const goal = performance.findings.find(({ title }) => title === 'Leads');
    const node = performance.findings.find(
      ({ parentId, formula }) => parentId === goal?.id && formula === 'leads = visits × conversion rate',
    );
    expect(node?.figures['needed']).toMatchObject({ value: 1500, unit: 'visits', basis: 'computed' });
    expect(node?.figures['rate']).toMatchObject({ value: 0.02, basis: 'assumption', by: 'user' });
    expect(goal?.figures['growth']).toMatchObject({ value: 2 });
  });

  it('leaves a node blank and says what it needs where no rate is stated', () => {
    const { performance } = planWith((brief) => {
      brief.business.targetMetrics = [{ name: 'Leads', unit: 'leads', baseline: 10, target: 30 }];
      delete brief.analytics.conversionRates;
    });
    const node = performance.findings.find(({ needs }) => needs?.includes('conversion rate from visit to lead'));
    expect(node?.figures).toEqual({});
    expect(performance.supply?.some(({ what }) => /conversion rate/.test(what))).toBe(true);
  });

  it('tells how many visits a test takes, by the rule of sixteen', () => {
    const { performance } = planWith((brief) => {
      brief.analytics.conversionRates = { 'visit to signup': 0.05 };
    });
    const test = performance.findings.find(({ title }) => title.startsWith('A test on'));
    expect(test?.figures['visits']).toMatchObject({ value: 7600 });
  });
});

describe('the budget', () => {
  it('adds up hours at their cost, and holds the sum against what the plan has', () => {
    const { budget, calendar } = planWith((brief) => {
      brief.business.team = [{ role: 'Writer', hoursPerWeek: 40, hoursPerFormat: { article: 10 }, hourlyCost: 50 }];
      brief.business.budget = { amount: 52_000, currency: 'EUR', per: 'year' };
      brief.business.horizonWeeks = 13;
    });
    const items = calendar.findings.filter(({ kind }) => kind === 'entry').length;
    const total = budget.findings.find(({ kind }) => kind === 'total');
    expect(total?.figures['cost']).toMatchObject({ value: items * 500, unit: 'EUR' });
    expect(total?.figures['available']).toMatchObject({ value: 13_000 });
  });

  it('only spreads a stated budget where no hour has a cost, and says that it does', () => {
    const { budget } = planWith((brief) => {
      for (const member of brief.business.team ?? []) delete member.hourlyCost;
    });
    expect(budget.state).toBe('partial');
    expect(budget.findings[0]?.method).toMatch(/Heuristic/);
    expect(budget.findings.every(({ confidence, kind }) => kind === 'total' || confidence === 'low')).toBe(true);
  });

  it('says nothing where nothing is stated', () => {
    const { budget } = planWith((brief) => {
      delete brief.business.budget;
      delete brief.business.team;
    });
    expect(budget).toMatchObject({ state: 'unavailable', findings: [] });
  });
});

describe('criticalPath', () => {
  it('is the longest way in days', () => {
    const nodes = [
      { id: 'a', dependsOn: [], days: 2 },
      { id: 'b', dependsOn: ['a'], days: 10 },
      { id: 'c', dependsOn: ['a'], days: 3 },
      { id: 'd', dependsOn: ['b', 'c'], days: 1 },
    ];
    expect([...criticalPath(nodes)].sort()).toEqual(['a', 'b', 'd']);
  });

  it('refuses a circle and a dependency that is not there', () => {
    expect(() => criticalPath([{ id: 'a', dependsOn: ['a'], days: 1 }])).toThrow(/circle/);
    expect(() => criticalPath([{ id: 'a', dependsOn: ['b'], days: 1 }])).toThrow(/not in it/);
  });
});
