import { describe, expect, it } from '@jest/globals';
import { jitter, systemClock } from './clock.js';

describe('jitter', () => {
  it.each([
    [0, 240],
    [0.5, 300],
    [0.999999, 360],
  ])('spreads evenly around its base (%d)', (random, expected) => {
    expect(jitter(300, 0.2, () => random)).toBe(expected);
  });
});

describe('systemClock', () => {
  it('calls back once, unless it is cancelled', async () => {
    const calls: string[] = [];
    const cancel = systemClock.schedule(() => calls.push('cancelled'), 1);
    cancel();
    // Its own timer does not keep the process alive, so this test holds it open with another.
    const hold = setTimeout(() => undefined, 5000);
    await new Promise<void>((resolve) => systemClock.schedule(() => (calls.push('called'), resolve()), 2));
    clearTimeout(hold);
    expect(calls).toEqual(['called']);
  });
});
