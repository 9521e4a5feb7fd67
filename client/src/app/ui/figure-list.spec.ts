import { describe, expect, it } from '@jest/globals';
import { rowsOf } from './figure-list';

const share = (value: number) => ({ value, unit: 'share', basis: 'computed' as const });

describe('rowsOf', () => {
  it('compares shares on one scale', () => {
    expect(rowsOf({ yourShare: share(0.01), theirShare: share(0.04) }).map(({ percent }) => percent)).toEqual([
      25, 100,
    ]);
  });

  it('draws no bar for shares of different things, for other units and for nothing', () => {
    expect(rowsOf({ share: share(0.1), recurrence: share(0.3) }).every((row) => !('percent' in row))).toBe(true);
    expect(
      rowsOf({ share: share(0.5), pages: { ...share(3), unit: 'pages' } }).every((row) => !('percent' in row)),
    ).toBe(true);
    expect(rowsOf({ ownShare: share(0), theirShare: share(0) }).every((row) => !('percent' in row))).toBe(true);
  });
});
