import { describe, expect, it } from '@jest/globals';
import { isCursor } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { assertFits, encodePlace, joinPlaces, keyOf, MergedCursorError, splitPlaces } from './merged-cursor.js';

const printable = (maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  });

describe('a merged cursor', () => {
  it('gives back every cursor that it is made of, whatever its characters', () => {
    const places = fc.dictionary(fc.string(), printable(20), { maxKeys: 8, noNullPrototype: true });
    fc.assert(
      fc.property(places, (cursors) => {
        const entries = Object.entries(cursors).map(([name, cursor]) => [keyOf(name), cursor] as const);
        const text = joinPlaces(entries.map(([key, cursor]) => encodePlace(key, cursor)));
        expect(isCursor(text) && text === text.trim() && text !== '-1').toBe(true);
        expect(splitPlaces(text)).toEqual(new Map(entries));
      }),
    );
  });

  it.each([1, 92, 93, 200, 246])('holds one cursor of %d characters', (length) => {
    const cursor = 'c'.repeat(length);
    expect(splitPlaces(joinPlaces([encodePlace('abcdef', cursor)]))?.get('abcdef')).toBe(cursor);
  });

  it('does not hold more than an id can', () => {
    expect(() => joinPlaces([encodePlace('abcdef', 'c'.repeat(247))])).toThrow(MergedCursorError);
  });

  it('has one form for one place, and whatever else is made of one is none', () => {
    const part = fc.tuple(fc.string(), printable(20)).map(([name, cursor]) => encodePlace(keyOf(name), cursor));
    const edit = fc.record({ at: fc.nat(100), cut: fc.nat(2), put: fc.oneof(fc.constant(''), printable(2)) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), edit, (parts, { at, cut, put }) => {
        const text = [...joinPlaces(parts)].toSpliced(at, cut, put).join('');
        const places = splitPlaces(text);
        const again = places && joinPlaces([...places].map(([key, cursor]) => encodePlace(key, cursor)));
        expect([undefined, text]).toContain(again);
      }),
      { numRuns: 2000 },
    );
    expect(splitPlaces('m~!"aabcdef')).toBeUndefined();
  });

  const one = encodePlace('abcdef', 'e-1');
  it.each(['', '-1', 'e-1', `x${one}`, `m${one}x`, `m${one}${one}`, 'm!abcdef', `m${one.slice(0, -1)}`, 'm~', 'm\n'])(
    'is not %j',
    (text) => {
      expect(splitPlaces(text)).toBeUndefined();
    },
  );

  it('of no place at all is the start', () => {
    expect(splitPlaces('m')).toEqual(new Map());
  });

  it('is promised only to as many logs as it can hold at their longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 246 }), fc.integer({ min: 1, max: 40 }), (length, count) => {
        const cursors = Array.from({ length: count }, (_, index) => encodePlace(keyOf(`${index}`), 'c'.repeat(length)));
        expect(isRefused(() => assertFits(count, length))).toBe(isRefused(() => joinPlaces(cursors)));
      }),
    );
  });
});

function isRefused(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof MergedCursorError) return true;
    throw error;
  }
}
