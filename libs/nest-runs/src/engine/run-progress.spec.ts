import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RunProgress } from './run-progress.js';

describe('RunProgress', () => {
  it('counts finished work by weight, and never more of the running step than 99', () => {
    const progress = new RunProgress(
      new Map([
        ['a', 1],
        ['b', 3],
      ]),
      0,
    );
    expect(progress.settle('a')).toBe(25);
    expect(progress.advance('b', 1, 2)).toBe(62);
    expect(progress.advance('b', 0, 2)).toBe(62);
    expect(progress.advance('b', 9, 2)).toBe(99);
    expect(progress.restart()).toBe(25);
    expect(progress.settle('b')).toBe(100);
  });

  it('is 100 with the last step and not before, and falls only when a step starts again', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, fc.float({ noNaN: true, min: -1, max: 3 }), (values, share) => {
        const ids = values.map((weight, index) => [`s${index}`, weight] as const);
        const progress = new RunProgress(new Map(ids), 0);
        let last = 0;
        ids.forEach(([id], index) => {
          for (const percent of [progress.advance(id, share, 1), progress.settle(id)]) {
            expect(percent).toBeGreaterThanOrEqual(last);
            expect(Number.isInteger(percent)).toBe(true);
            last = percent;
          }
          expect(last === 100).toBe(index === ids.length - 1);
        });
      }),
    );
  });

  it('does not know numbers from nonsense', () => {
    const progress = new RunProgress(new Map([['a', 1]]), 0);
    for (const [done, total] of [
      [1, 0],
      [NaN, 1],
      [1, NaN],
      [-5, 10],
      [0, 0],
    ] as const) {
      expect(progress.advance('a', done, total)).toBe(0);
    }
  });
});
