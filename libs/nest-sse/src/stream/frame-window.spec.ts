import { describe, expect, it } from '@jest/globals';
import { chunksOf, type LogChunk } from './encoded-page.js';
import { FrameBudget } from './frame-budget.js';
import type { LogFrame } from './frame-encoder.js';
import { FrameWindow } from './frame-window.js';

const frame = (n: number, size = 10): LogFrame => ({
  event: 'tick',
  id: String(n),
  text: String(n).padEnd(size, '.'),
  size,
  timestamp: undefined,
});
const frames = (from: number, to: number, size?: number): LogFrame[] =>
  Array.from({ length: to - from + 1 }, (_, index) => frame(from + index, size));

const chunks = (from: number, to: number, end = String(to), size?: number): LogChunk[] =>
  chunksOf(frames(from, to, size), end);
const MIB = 1024 * 1024;
const windowOf = (maxBytes: number, budget = new FrameBudget(64 * MIB)) => new FrameWindow(maxBytes, budget);

describe('FrameWindow', () => {
  it('finds what follows a cursor, up to its newest', () => {
    const window = windowOf(1000);
    window.append('0', chunks(1, 3));
    window.append('3', chunks(4, 5));
    expect(window.find('2')).toMatchObject({ end: '5', frames: [{ id: '3' }, { id: '4' }, { id: '5' }] });
    expect(window.find('0')?.frames).toHaveLength(5);
    expect(window.find('5')).toBeUndefined();
    expect(window.find('x')).toBeUndefined();
  });

  it('gives the bytes of a part without copying them', () => {
    const window = windowOf(1000);
    window.append('0', chunks(1, 3));
    const whole = window.find('0')?.bytes;
    expect(window.find('1')?.bytes.toString()).toBe('2.........3.........');
    expect(window.find('1')?.bytes.buffer).toBe(whole?.buffer);
  });

  it('keeps no more bytes than it may, and drops the oldest', () => {
    const window = windowOf(200 * 1024);
    for (let n = 1; n <= 100; n += 1) window.append(String(n - 1), chunks(n, n, String(n), 10 * 1024));
    expect(window.size).toBeLessThanOrEqual(200 * 1024);
    expect(window.find('1')).toBeUndefined();
    expect(window.find('98')?.frames.map(({ id }) => id)).toEqual(['99', '100']);
  });

  it('keeps what others have read, and leads from there to the newest', () => {
    const window = windowOf(10_000);
    window.append('50', chunks(51, 60));
    window.remember('40', chunks(41, 50));
    expect(window.find('44')).toMatchObject({ end: '50' });
    expect(window.find('50')).toMatchObject({ end: '60' });
  });

  it('splits what is more than a socket takes at once', () => {
    const window = windowOf(1024 * 1024);
    const parts = chunks(1, 10, '12', 40 * 1024);
    window.append('0', parts);
    expect(parts.map(({ end }) => end)).toEqual(['2', '4', '6', '8', '12']);
    expect(window.find('0')?.end).toBe('2');
    expect(window.find('9')?.end).toBe('12');
  });

  it('drops what was not used for the longest, so that those who catch up together find it', () => {
    const window = windowOf(300 * 1024);
    window.remember('0', chunks(1, 1, '1', 70 * 1024));
    window.remember('10', chunks(11, 11, '11', 70 * 1024));
    for (let n = 20; n < 40; n += 1) {
      expect(window.find('0')?.end).toBe('1');
      window.remember(String(n), chunks(n + 1, n + 1, String(n + 1), 70 * 1024));
    }
    expect(window.find('10')).toBeUndefined();
    expect(window.size).toBeLessThanOrEqual(300 * 1024);
  });

  it('shares a bound with the windows of other logs', () => {
    const budget = new FrameBudget(200 * 1024);
    const [first, second] = [windowOf(MIB, budget), windowOf(MIB, budget)];
    first.append('0', chunks(1, 1, '1', 80 * 1024));
    second.append('0', chunks(1, 1, '1', 80 * 1024));
    first.find('0');
    second.append('1', chunks(2, 2, '2', 80 * 1024));
    expect(first.find('0')?.end).toBe('1');
    expect(second.find('0')).toBeUndefined();
    expect(budget.size).toBe(first.size + second.size);
    expect(budget.size).toBeLessThanOrEqual(200 * 1024);
    first.clear();
    second.clear();
    expect(budget.size).toBe(0);
  });
});
