import { describe, expect, it } from '@jest/globals';
import { TurnQueue } from './turn-queue.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TurnQueue', () => {
  it('lets in at once while there is no herd', async () => {
    const queue = new TurnQueue();
    for (let n = 0; n < 100; n += 1) {
      expect(queue.enter()).toBeUndefined();
      await turn();
    }
  });

  it('lets a herd in by and by, in order, with turns for others in between', async () => {
    const queue = new TurnQueue();
    const admitted: number[] = [];
    for (let n = 0; n < 200; n += 1) void Promise.resolve(queue.enter()).then(() => admitted.push(n));
    const perTurn: number[] = [];
    while (admitted.length < 200) {
      const before = admitted.length;
      await turn();
      perTurn.push(admitted.length - before);
    }
    expect(admitted).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(64);
    expect(queue.size).toBe(0);
  });
});
