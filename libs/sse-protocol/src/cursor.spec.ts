import { describe, expect, it } from '@jest/globals';
import { isCursor, parseSequence } from './cursor.js';

describe('a run’s cursor', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['9007199254740991', 9007199254740991],
    ['9'.repeat(256), 9007199254740991],
  ])('%s is read', (text, sequence) => {
    expect(parseSequence(text)).toBe(sequence);
  });

  it.each(['', '-1', '01', '1.0', ' 1', '1e3', '9'.repeat(257)])('%j is none', (text) => {
    expect(parseSequence(text)).toBeUndefined();
  });
});

describe('isCursor', () => {
  it('takes printable ASCII of up to 256 characters', () => {
    expect(isCursor('epoch-7')).toBe(true);
    expect(isCursor('x'.repeat(256))).toBe(true);
  });

  it.each(['', 'a\n', 'a\r', 'a\0', 'ä', 'x'.repeat(257)])('refuses %j', (text) => {
    expect(isCursor(text)).toBe(false);
  });
});
