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

  it.each([1, 92, 93, 200, 249])('holds one cursor of %d characters', (length) => {
    const cursor = 'c'.repeat(length);
    const fits = () => joinPlaces([encodePlace('abcdef', cursor)]);
    if (length > 246) expect(fits).toThrow(MergedCursorError);
    else expect(splitPlaces(fits())?.get('abcdef')).toBe(cursor);
  });

  it('has one form for one place', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          printable(40),
          printable(40).map((text) => `m${text}`),
        ),
        (text) => {
          const places = splitPlaces(text);
          if (places) expect(joinPlaces([...places].map(([key, cursor]) => encodePlace(key, cursor)))).toBe(text);
        },
      ),
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
        const promise = () => assertFits(count, length);
        let fits = true;
        try {
          joinPlaces(cursors);
        } catch {
          fits = false;
        }
        if (fits) expect(promise).not.toThrow();
        else expect(promise).toThrow(MergedCursorError);
      }),
    );
  });
});
