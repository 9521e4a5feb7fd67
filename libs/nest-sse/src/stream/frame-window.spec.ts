import { describe, expect, it } from '@jest/globals';
import type { LogFrame } from './frame-encoder.js';
import { FrameWindow } from './frame-window.js';

const frame = (n: number, size = 10): LogFrame => ({
  event: 'tick',
  id: String(n),
  bytes: Buffer.from(String(n).padEnd(size, '.')),
  stampedAtMs: Number.NaN,
});
const frames = (from: number, to: number, size?: number): LogFrame[] =>
  Array.from({ length: to - from + 1 }, (_, index) => frame(from + index, size));

describe('FrameWindow', () => {
  it('finds what follows a cursor, up to its newest', () => {
    const window = new FrameWindow(1000);
    window.append('0', frames(1, 3), '3');
    window.append('3', frames(4, 5), '5');
    expect(window.find('2')).toMatchObject({ end: '5', frames: [{ id: '3' }, { id: '4' }, { id: '5' }] });
    expect(window.find('0')?.frames).toHaveLength(5);
    expect(window.find('5')).toBeUndefined();
    expect(window.find('x')).toBeUndefined();
  });

  it('gives the bytes of a part without copying them', () => {
    const window = new FrameWindow(1000);
    window.append('0', frames(1, 3), '3');
    const whole = window.find('0')?.bytes;
    expect(window.find('1')?.bytes.toString()).toBe('2.........3.........');
    expect(window.find('1')?.bytes.buffer).toBe(whole?.buffer);
  });

  it('keeps no more bytes than it may, and drops the oldest', () => {
    const window = new FrameWindow(200 * 1024);
    for (let n = 1; n <= 100; n += 1) window.append(String(n - 1), [frame(n, 10 * 1024)], String(n));
    expect(window.size).toBeLessThanOrEqual(200 * 1024);
    expect(window.find('1')).toBeUndefined();
    expect(window.find('98')?.frames.map(({ id }) => id)).toEqual(['99', '100']);
  });

  it('keeps what others have read, and leads from there to the newest', () => {
    const window = new FrameWindow(10_000);
    window.append('50', frames(51, 60), '60');
    window.remember('40', frames(41, 50), '50');
    expect(window.find('44')).toMatchObject({ end: '50' });
    expect(window.find('50')).toMatchObject({ end: '60' });
  });

  it('splits what is more than a socket takes at once', () => {
    const window = new FrameWindow(1024 * 1024);
    const chunks = window.append('0', frames(1, 10, 40 * 1024), '12');
    expect(chunks.map(({ end }) => end)).toEqual(['2', '4', '6', '8', '12']);
    expect(window.find('0')?.end).toBe('2');
    expect(window.find('9')?.end).toBe('12');
  });
});
