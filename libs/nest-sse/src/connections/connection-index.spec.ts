import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConnectionIndex } from './connection-index.js';

describe('ConnectionIndex', () => {
  it('finds by key what was added and not deleted, in order, whatever came between', () => {
    const steps = fc.array(
      fc.record({ isAdding: fc.boolean(), key: fc.constantFrom('a', 'b'), item: fc.nat({ max: 4 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const items = Array.from({ length: 5 }, (_, n) => ({ n }));
        const index = new ConnectionIndex<{ n: number }>();
        const model = new Map<string, Set<{ n: number }>>([
          ['a', new Set()],
          ['b', new Set()],
        ]);
        for (const { isAdding, key, item } of sequence) {
          const [there, what] = [model.get(key) as Set<{ n: number }>, items[item] as { n: number }];
          const isAsExpected = isAdding
            ? (index.add(key, what), there.add(what).has(what))
            : index.delete(key, what) === there.delete(what);
          expect(isAsExpected).toBe(true);
          for (const [each, expected] of model) {
            expect([...index.of(each)]).toEqual([...expected]);
            expect(index.count(each)).toBe(expected.size);
          }
        }
      }),
    );
  });
});
