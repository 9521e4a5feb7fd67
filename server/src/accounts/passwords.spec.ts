import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseOptions } from '@node-rs/argon2';
import { Passwords } from './passwords.js';

const passwords = new Passwords();

beforeAll(() => passwords.onModuleInit());

/** The shortest of a few runs: what a busy machine adds comes off. */
async function shortestMs(work: () => Promise<unknown>): Promise<number> {
  let shortest = Infinity;
  for (let run = 0; run < 5; run += 1) {
    const startedAt = performance.now();
    await work();
    shortest = Math.min(shortest, performance.now() - startedAt);
  }
  return shortest;
}

describe('passwords', () => {
  it('are hashed by Argon2id at the cost that OWASP names first, each with its own salt', async () => {
    const [one, two] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
    expect(one).toMatch(/^\$argon2id\$/);
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(one).not.toBe(two);
  });

  it('fit their own hash only', async () => {
    const stored = await passwords.hash('correct horse');
    expect(await passwords.verify(stored, 'correct horse')).toBe(true);
    expect(await passwords.verify(stored, 'correct horsf')).toBe(false);
    expect(await passwords.verify(undefined, 'correct horse')).toBe(false);
  });

  it('take as long to check without an account as with one', async () => {
    const stored = await passwords.hash('correct horse');
    const known = await shortestMs(() => passwords.verify(stored, 'a wrong guess'));
    const unknown = await shortestMs(() => passwords.verify(undefined, 'a wrong guess'));
    // Without the work it would be under a hundredth.
    expect(unknown).toBeGreaterThan(known / 2);
    expect(unknown).toBeLessThan(known * 2);
  });
});
