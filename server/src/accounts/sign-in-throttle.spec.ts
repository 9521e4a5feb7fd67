import { describe, expect, it } from '@jest/globals';
import { AppConfig } from '../platform/config/index.js';
import { ProblemException } from '../platform/http/index.js';
import { SignInThrottle } from './sign-in-throttle.js';

const START_MS = Date.parse('2026-03-01T12:00:00Z');

function createThrottle(config?: Partial<AppConfig>): { throttle: SignInThrottle; setSeconds(seconds: number): void } {
  let nowMs = START_MS;
  const throttle = new SignInThrottle(new AppConfig(config), { now: () => new Date(nowMs) });
  return {
    throttle,
    setSeconds: (seconds) => {
      nowMs = START_MS + seconds * 1000;
    },
  };
}

/** Seconds to wait, or 0 where the try is admitted. */
function waitAfter(throttle: SignInThrottle, address = '192.0.2.1', account = 'ada@example.org'): number {
  try {
    throttle.admit(address, account);
    return 0;
  } catch (error) {
    if (!(error instanceof ProblemException) || error.getStatus() !== 429) throw error;
    return Number(error.headers['Retry-After']);
  }
}

describe('the sign-in throttle', () => {
  it('admits ten tries in a minute by default', () => {
    const { throttle } = createThrottle();
    const waits = Array.from({ length: 12 }, () => waitAfter(throttle));
    expect(waits).toEqual([...Array.from({ length: 10 }, () => 0), 60, 60]);
  });

  it('lets the window slide: a try is free when the oldest is a minute old', () => {
    const { throttle, setSeconds } = createThrottle({ signInTriesPerMinute: 2 });
    expect(waitAfter(throttle)).toBe(0);
    setSeconds(40);
    expect(waitAfter(throttle)).toBe(0);
    setSeconds(59.5);
    expect(waitAfter(throttle)).toBe(1);
    setSeconds(60);
    expect(waitAfter(throttle)).toBe(0);
    expect(waitAfter(throttle)).toBe(40);
  });

  it('does not let refused tries prolong the wait', () => {
    const { throttle, setSeconds } = createThrottle({ signInTriesPerMinute: 1 });
    waitAfter(throttle);
    for (const seconds of [10, 30, 59]) {
      setSeconds(seconds);
      expect(waitAfter(throttle)).toBe(60 - seconds);
    }
    setSeconds(60);
    expect(waitAfter(throttle)).toBe(0);
  });

  it('counts each pair of address and account by itself', () => {
    const { throttle } = createThrottle({ signInTriesPerMinute: 1 });
    expect(waitAfter(throttle, '192.0.2.1', 'ada@example.org')).toBe(0);
    expect(waitAfter(throttle, '192.0.2.2', 'ada@example.org')).toBe(0);
    expect(waitAfter(throttle, '192.0.2.1', 'bob@example.org')).toBe(0);
    expect(waitAfter(throttle, '192.0.2.1', 'ada@example.org')).toBe(60);
  });

  it('takes tries back', () => {
    const { throttle } = createThrottle({ signInTriesPerMinute: 1 });
    waitAfter(throttle);
    throttle.forgive('192.0.2.1', 'ada@example.org');
    expect(waitAfter(throttle)).toBe(0);
  });

  it('keeps no memory of what counts no more', () => {
    const { throttle, setSeconds } = createThrottle();
    waitAfter(throttle, '192.0.2.1');
    setSeconds(30);
    waitAfter(throttle, '192.0.2.2');
    setSeconds(60);
    throttle.forgetExpired();
    expect(throttle.size).toBe(1);
    setSeconds(90);
    throttle.forgetExpired();
    expect(throttle.size).toBe(0);
  });
});
