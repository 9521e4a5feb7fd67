import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backoff } from './backoff';

const OPTIONS = { initialDelayMs: 1_000, maxDelayMs: 30_000, jitter: 0.5, stableAfterMs: 10_000 };

describe('Backoff', () => {
  it('stays between half of the schedule and the schedule, and below the cap, whatever the dice', () => {
    const dice = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(dice, { minLength: 1, maxLength: 60 }), (throws) => {
        let turn = 0;
        const backoff = new Backoff(OPTIONS, () => throws[turn] ?? 0);
        for (; turn < throws.length; turn += 1) {
          const scheduledMs = Math.min(1_000 * 2 ** turn, 30_000);
          const delayMs = backoff.fail();
          expect(delayMs).toBeGreaterThanOrEqual(scheduledMs / 2);
          expect(delayMs).toBeLessThanOrEqual(scheduledMs);
        }
      }),
    );
  });

  it('starts from the base that the server names, until a connection was stable', () => {
    const backoff = new Backoff(OPTIONS, () => 0);
    backoff.moveBase(3_000);
    expect([backoff.fail(), backoff.fail()]).toEqual([3_000, 6_000]);
    backoff.reset();
    expect(backoff.fail()).toBe(1_000);
  });

  it('keeps the base that a `retry:` names over stable connections, until another one', () => {
    const backoff = new Backoff(OPTIONS, () => 0);
    backoff.settleBase(3_000);
    backoff.moveBase(9_000);
    expect(backoff.fail()).toBe(9_000);
    backoff.reset();
    expect(backoff.fail()).toBe(3_000);
    backoff.settleBase(0);
    backoff.reset();
    expect(backoff.fail()).toBe(100);
  });

  it('takes no base that would make a loop without pauses, or no sense', () => {
    const backoff = new Backoff(OPTIONS, () => 0);
    backoff.moveBase(0);
    expect(backoff.fail()).toBe(100);
    backoff.reset();
    backoff.moveBase(NaN);
    expect(backoff.fail()).toBe(1_000);
    backoff.moveBase(3_600_000);
    expect(backoff.fail()).toBe(30_000);
  });

  it('never waits longer than the cap after a planned close', () => {
    const backoff = new Backoff(OPTIONS, () => 0);
    for (let i = 0; i < 40; i += 1) expect(backoff.plannedClose(90_000)).toBe(30_000);
    expect(backoff.failures).toBe(0);
  });
});
