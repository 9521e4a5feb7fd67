import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SharedViews } from './shared-views.js';

let collectGarbage: () => void;

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collectGarbage = runInNewContext('gc') as () => void;
});

describe('SharedViews', () => {
  it('gives the same view for the same key while it is held', () => {
    const views = new SharedViews();
    const view = views.of('a', () => ({}));
    expect(views.of('a', () => ({}))).toBe(view);
    expect(views.of('b', () => ({}))).not.toBe(view);
  });

  it('numbers each object once', () => {
    const views = new SharedViews();
    const [first, second] = [{}, {}];
    expect([first, second, first].map((part) => views.numberOf(part))).toEqual([1, 2, 1]);
  });

  it('keeps nothing alive, and forgets what nobody holds', async () => {
    const views = new SharedViews();
    const held = views.of('held', () => ({}));
    for (let n = 0; n < 100; n += 1) views.of(`dropped ${n}`, () => ({ bytes: Buffer.alloc(1000) }));
    expect(views.size).toBe(101);
    for (let turn = 0; turn < 100 && views.size > 1; turn += 1) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(views.size).toBe(1);
    expect(views.of('held', () => ({}))).toBe(held);
  });
});
