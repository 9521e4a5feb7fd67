import { describe, expect, it } from '@jest/globals';
import { safeReturnUrl } from './return-url';

describe('safeReturnUrl', () => {
  it('keeps a path of the app', () => {
    expect(safeReturnUrl('/runs/r1?x=1')).toBe('/runs/r1?x=1');
  });

  it.each([undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/sign-in?returnUrl=/x'])(
    'replaces %s by the strategies',
    (url) => {
      expect(safeReturnUrl(url)).toBe('/strategies');
    },
  );
});
