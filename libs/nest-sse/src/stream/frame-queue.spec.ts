import { describe, expect, it } from '@jest/globals';
import { FrameQueue } from './frame-queue.js';

const frame = (text: string) => ({ event: 'price', bytes: Buffer.from(text), size: text.length });

describe('FrameQueue', () => {
  it('gives back all in order, and counts the bytes that wait', () => {
    const queue = new FrameQueue();
    queue.add(frame('a'), '1');
    queue.add(frame('bc'), undefined);
    expect(queue.size).toBe(3);
    expect(queue.take().map(({ bytes }) => bytes.toString())).toEqual(['a', 'bc']);
    expect(queue).toMatchObject({ size: 0, isEmpty: true, lastId: '1' });
  });

  it('keeps only the newest of a key, in the place of the newest', () => {
    const queue = new FrameQueue();
    queue.add(frame('A1'), '1', 'A');
    queue.add(frame('B1'), '2', 'B');
    queue.add(frame('A22'), '3', 'A');
    expect(queue.size).toBe(5);
    expect(queue.take().map(({ bytes }) => bytes.toString())).toEqual(['B1', 'A22']);
    expect(queue.lastId).toBe('3');
  });

  it('gives back one write at a time', () => {
    const queue = new FrameQueue();
    for (const n of [1, 2, 3]) queue.add(frame(String(n).padEnd(40_000)), String(n));
    expect(queue.take().map(({ id }) => id)).toEqual(['1']);
    expect(queue).toMatchObject({ size: 80_000, lastId: '1' });
    queue.add(frame('x'.padEnd(100_000)), '4');
    expect([queue.take(), queue.take(), queue.take()].map(([first]) => first?.id)).toEqual(['2', '3', '4']);
    expect(queue).toMatchObject({ size: 0, isEmpty: true });
  });

  it('takes no key for the place of another', () => {
    const queue = new FrameQueue();
    queue.add(frame('a'), undefined);
    queue.add(frame('b'), undefined, '1');
    expect(queue.take()).toHaveLength(2);
  });
});
