import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { provideSse, withLiveness, withPollingFallback, withReconnect } from './index';
import { DEFAULT_SSE_CONFIG, SSE_CONFIG } from './sse-config';

describe('provideSse', () => {
  it('keeps the defaults that no feature changes', () => {
    TestBed.configureTestingModule({
      providers: [provideSse(withReconnect({ maxDelayMs: 5_000 }), withPollingFallback({ intervalMs: 2_000 }))],
    });
    const config = TestBed.inject(SSE_CONFIG);
    expect(config.reconnect).toEqual({ ...DEFAULT_SSE_CONFIG.reconnect, maxDelayMs: 5_000 });
    expect(config.polling).toEqual({ ...DEFAULT_SSE_CONFIG.polling, intervalMs: 2_000 });
    expect(config.hasFallback).toBe(true);
  });

  it('needs no call for the defaults', () => {
    expect(TestBed.inject(SSE_CONFIG)).toBe(DEFAULT_SSE_CONFIG);
  });

  it.each([
    () => withReconnect({ initialDelayMs: 0 }),
    () => withReconnect({ jitter: 1.5 }),
    () => withReconnect({ jitter: NaN }),
    () => withLiveness({ heartbeatFactor: -1 }),
    () => withPollingFallback({ pageSize: 501 }),
    () => withPollingFallback({ intervalMs: NaN }),
  ])('refuses what makes no sense: %s', (feature) => {
    expect(feature).toThrow(RangeError);
  });
});
