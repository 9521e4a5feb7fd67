import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyMergePatch, diffAsMergePatch } from './merge-patch';

// A merge patch can't carry null as a value.
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.boolean(), tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  record: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).record;

describe('merge patches', () => {
  it('make the one of the other', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const patch = diffAsMergePatch(from, to);
        expect(patch === undefined ? from : applyMergePatch(from, patch)).toEqual(to);
      }),
    );
  });

  it('say nothing of what is equal', () => {
    expect(diffAsMergePatch({ a: [1], b: { c: 1 } }, { a: [1], b: { c: 1 }, d: undefined })).toBeUndefined();
  });

  it('remove by null, replace arrays whole and leave the rest alone', () => {
    const from = { business: { objectives: ['a'], industry: 'x', country: 'DE' } };
    const to = { business: { objectives: ['a', 'b'], country: 'DE' } };
    expect(diffAsMergePatch(from, to)).toEqual({ business: { objectives: ['a', 'b'], industry: null } });
  });
});
