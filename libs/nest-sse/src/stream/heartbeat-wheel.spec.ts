import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../testing/index.js';
import { HeartbeatWheel, type WheelEntry } from './heartbeat-wheel.js';

describe('HeartbeatWheel', () => {
  const start = () => {
    const clock = new TestClock(0);
    let timers = 0;
    const counting = {
      now: () => clock.now(),
      schedule: (callback: () => void, delayMs: number) => {
        timers += 1;
        return clock.schedule(() => ((timers -= 1), callback()), delayMs);
      },
    };
    const calls: [string, number][] = [];
    const wheel = new HeartbeatWheel(counting, 10);
    const entry = (name: string, everyMs?: number): WheelEntry => ({
      onDue: (nowMs) => {
        calls.push([name, nowMs]);
        return everyMs === undefined ? undefined : nowMs + everyMs;
      },
    });
    return { clock, wheel, calls, entry, timers: () => timers };
  };

  it('calls each when it is due, at most a tick late, and again when it asks to be', () => {
    const { clock, wheel, calls, entry } = start();
    wheel.set(entry('once'), 25);
    wheel.set(entry('often', 40), 40);
    clock.advance(100);
    expect(calls).toEqual([
      ['once', 30],
      ['often', 40],
      ['often', 80],
    ]);
  });

  it('runs one timer for all, and none for nobody (trap 14)', () => {
    const { clock, wheel, entry, timers } = start();
    expect(timers()).toBe(0);
    const entries = Array.from({ length: 100 }, (_, n) => entry(`${n}`, 50));
    for (const [n, each] of entries.entries()) wheel.set(each, n);
    expect(timers()).toBe(1);
    clock.advance(500);
    expect(timers()).toBe(1);
    for (const each of entries) wheel.remove(each);
    expect(wheel.size).toBe(0);
    clock.advance(20);
    expect(timers()).toBe(0);
  });

  it('moves a deadline', () => {
    const { clock, wheel, calls, entry } = start();
    const moved = entry('moved');
    wheel.set(moved, 1000);
    wheel.set(moved, 20);
    clock.advance(2000);
    expect(calls).toEqual([['moved', 20]]);
  });

  it('meets what is overdue at its next tick, and does not loop on what stays due', () => {
    const { clock, wheel, calls, entry } = start();
    clock.advance(500);
    wheel.set(entry('late', -100), 3);
    clock.advance(30);
    expect(calls.map(([, at]) => at)).toEqual([510, 520, 530]);
  });
});
