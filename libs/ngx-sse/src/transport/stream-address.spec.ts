import { describe, expect, it } from '@jest/globals';
import { withParameters } from './stream-address';

describe('withParameters', () => {
  it.each([
    ['/events', {}, '/events'],
    ['/events', { a: '1' }, '/events?a=1'],
    ['/events?a=0&b=2', { a: '1' }, '/events?a=1&b=2'],
    ['https://x.test/events#part', { id: 'é &=' }, 'https://x.test/events?id=%C3%A9+%26%3D'],
    ['/events?', { a: '1' }, '/events?a=1'],
  ])('adds to %s', (url, parameters, expected) => {
    expect(withParameters(url, parameters)).toBe(expected);
  });
});
