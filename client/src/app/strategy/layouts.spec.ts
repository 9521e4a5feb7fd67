import { describe, expect, it } from '@jest/globals';
import type { CalendarFinding, PerformanceFinding, RoadmapFinding, TopicFinding } from '@throughline/strategy-contract';
import { groupByMonth } from './calendar-table';
import { growTree } from './kpi-tree';
import { layOut } from './roadmap-plan';
import { growBranches } from './topic-tree';

const make = <T>(id: string, more: Partial<T>) => ({ id, title: id, ...more }) as T;

describe('growBranches', () => {
  it('puts clusters under their pillar and lets a cluster without one stand alone', () => {
    const topics = [
      make<TopicFinding>('p', { role: 'pillar' }),
      make<TopicFinding>('c', { role: 'cluster', parentId: 'p' }),
      make<TopicFinding>('lost', { role: 'cluster', parentId: 'gone' }),
    ];
    expect(growBranches(topics).map(({ pillar, clusters }) => [pillar.id, clusters.map(({ id }) => id)])).toEqual([
      ['p', ['c']],
      ['lost', []],
    ]);
  });
});

describe('growTree', () => {
  it('nests each goal under what it feeds', () => {
    const tree = growTree([
      make<PerformanceFinding>('leads', {}),
      make<PerformanceFinding>('clicks', { parentId: 'visits' }),
      make<PerformanceFinding>('visits', { parentId: 'leads' }),
    ]);
    expect(tree).toHaveLength(1);
    expect(tree[0]!.children[0]!.finding.id).toBe('visits');
    expect(tree[0]!.children[0]!.children[0]!.finding.id).toBe('clicks');
  });
});

describe('groupByMonth', () => {
  it('orders entries by day within their month and leaves out what has no date', () => {
    const months = groupByMonth([
      make<CalendarFinding>('b', { date: '2026-12-09' }),
      make<CalendarFinding>('c', { date: '2027-01-02' }),
      make<CalendarFinding>('a', { date: '2026-12-01' }),
      make<CalendarFinding>('none', {}),
    ]);
    expect(months.map(({ title, entries }) => [title, entries.map(({ id }) => id)])).toEqual([
      ['December 2026', ['a', 'b']],
      ['January 2027', ['c']],
    ]);
  });
});

describe('layOut', () => {
  it('places milestones in the length of the whole plan, days inclusive', () => {
    const bars = layOut([
      make<RoadmapFinding>('a', { start: '2026-12-01', end: '2026-12-05' }),
      make<RoadmapFinding>('b', { start: '2026-12-06', end: '2026-12-10' }),
      make<RoadmapFinding>('undated', {}),
    ]);
    expect(bars.map(({ startPercent, widthPercent }) => [startPercent, widthPercent])).toEqual([
      [0, 50],
      [50, 50],
    ]);
  });
});
