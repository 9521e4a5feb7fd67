import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SSE_CLOCK, SSE_EVENT_SOURCE, SSE_FETCH, SSE_RANDOM } from './index';

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('what is used where a test injects nothing', () => {
  it("is the browser's clock", () => {
    jest.useFakeTimers({ now: 1_000 });
    const clock = TestBed.inject(SSE_CLOCK);
    const rung: string[] = [];
    expect(clock.now()).toBe(1_000);
    clock.setTimeout(() => rung.push('kept'), 10);
    clock.clearTimeout(clock.setTimeout(() => rung.push('cleared'), 10));
    clock.requestFrame(() => rung.push('frame'));
    clock.cancelFrame(clock.requestFrame(() => rung.push('cancelled')));
    jest.advanceTimersByTime(50);
    expect(rung).toEqual(['kept', 'frame']);
  });

  it('writes on in pages that are hidden and get no frames', () => {
    jest.useFakeTimers();
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    jest.spyOn(window, 'requestAnimationFrame').mockReturnValue(1);
    const clock = TestBed.inject(SSE_CLOCK);
    const rung: string[] = [];
    clock.requestFrame(() => rung.push('frame'));
    clock.cancelFrame(clock.requestFrame(() => rung.push('cancelled')));
    jest.advanceTimersByTime(100);
    expect(rung).toEqual(['frame']);
  });

  it('writes on in pages that are hidden before the frame comes', () => {
    jest.useFakeTimers();
    const clock = TestBed.inject(SSE_CLOCK);
    const rung: string[] = [];
    jest.spyOn(window, 'requestAnimationFrame').mockReturnValue(1);
    const cancel = jest.spyOn(window, 'cancelAnimationFrame');
    clock.requestFrame(() => rung.push('frame'));
    jest.advanceTimersByTime(100);
    expect(rung).toEqual(['frame']);
    expect(cancel).toHaveBeenCalledWith(1);
    clock.requestFrame(() => rung.push('next'));
    jest.advanceTimersByTime(100);
    expect(rung.at(-1)).toBe('next');
    expect(jest.getTimerCount()).toBe(0);
  });

  it("are the browser's EventSource, fetch and dice", () => {
    class Source {}
    const fetch = jest.fn();
    Object.assign(window, { EventSource: Source, fetch });
    try {
      expect(TestBed.inject(SSE_EVENT_SOURCE)).toBe(Source);
      void TestBed.inject(SSE_FETCH)?.('/x');
      expect(fetch).toHaveBeenCalledWith('/x');
      expect(TestBed.inject(SSE_RANDOM)()).toBeLessThan(1);
    } finally {
      Reflect.deleteProperty(window, 'EventSource');
      Reflect.deleteProperty(window, 'fetch');
    }
  });
});
