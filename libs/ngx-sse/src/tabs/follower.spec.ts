import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/index';
import { Follower } from './follower';
import type { Ask, LeaderPost } from './tab-posts';

const OPEN = { state: 'open', error: undefined, attempt: 0, nextAttemptAt: undefined } as const;

let asked: Ask[];
let got: string[];
let follower: Follower;

beforeEach(() => {
  asked = [];
  got = [];
  const ports = { clock: new ManualClock(), random: () => 0, leaderTimeoutMs: 5_000, tab: 'tab' };
  follower = new Follower(ports, {
    cursor: '',
    ask: (ask) => asked.push(ask),
    join: (messages) => messages,
    deliver: ({ text }) => got.push(text ?? ''),
    bridge: async () => undefined,
    bridged: ({ to }) => got.push(`gap to ${to}`),
    changed: ({ state }) => got.push(state),
    ended: (error) => got.push(error?.code ?? 'complete'),
    failed: () => got.push('failed'),
    frozen: () => got.push('frozen'),
  });
  follower.start();
});

const message = (term: string, number: number): LeaderPost => ({
  kind: 'message',
  term,
  number,
  message: ['progress', '', `${term.slice(2)}${number}`],
});

/** Answers the last question. */
function answer(term: string, number: number, ...texts: string[]): LeaderPost {
  const messages = texts.map((text) => ['progress', '', text] as const);
  return { kind: 'rest', term, number, ask: asked.at(-1)?.ask ?? '', messages, status: OPEN };
}

describe('a follower', () => {
  it('takes what comes next, and nothing twice', () => {
    follower.take(answer('1 a', 2, 'x', 'y'));
    for (const number of [2, 3, 3, 4]) follower.take(message('1 a', number));
    expect(got).toEqual(['x', 'y', 'open', 'a3', 'a4']);
  });

  it('names its place in the count of the leader when something is missing, and takes nothing before the answer', () => {
    follower.take(answer('1 a', 0));
    follower.take(message('1 a', 1));
    follower.take(message('1 a', 3));
    follower.take(message('1 a', 4));
    expect(asked.at(-1)?.place).toEqual({ term: '1 a', number: 1 });
    follower.take(answer('1 a', 4, 'a2', 'a3', 'a4'));
    follower.take(message('1 a', 5));
    expect(got).toEqual(['open', 'a1', 'a2', 'a3', 'a4', 'open', 'a5']);
  });

  it('does not listen to a leader that was deposed', () => {
    follower.take(answer('2 b', 1));
    follower.take(message('1 a', 2));
    follower.take({ kind: 'end', term: '1 a', number: 1, error: ['unauthorized', 'Not signed in.', 401] });
    follower.take(message('2 b', 2));
    expect(got).toEqual(['open', 'b2']);
    expect(asked).toHaveLength(1);
  });

  it('asks a new leader for what comes after its cursor', () => {
    follower.take(answer('1 a', 0));
    follower.take(message('1 a', 1));
    follower.take(message('2 b', 1));
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ place: undefined, cursor: '' });
    follower.take(answer('2 b', 1, 'b1'));
    expect(got).toEqual(['open', 'a1', 'b1', 'open']);
  });

  it('follows the one heard last of two that began in the same millisecond', () => {
    for (const term of ['1 z', '1 y']) {
      follower.take(answer(term, 0));
      follower.take(message(term, 1));
    }
    expect(got).toEqual(['open', 'z1', 'open', 'y1']);
  });

  it('takes no answer but that to its last question', () => {
    const old = answer('1 a', 1, 'old');
    follower.ask();
    follower.take(old);
    follower.take(answer('1 a', 1, 'new'));
    expect(got).toEqual(['new', 'open']);
  });

  it('ends with the error of the leader, once it has everything', () => {
    follower.take(answer('1 a', 1));
    follower.take({ kind: 'end', term: '1 a', number: 1, error: ['not_found', 'No such stream.', 404] });
    expect(got).toEqual(['open', 'not_found']);
  });

  it('leads later than any other, also if the clock was set back', () => {
    const first = follower.nextTerm();
    follower.take(answer(`${Date.UTC(2030, 0)} other`, 0));
    const second = follower.nextTerm();
    const third = follower.nextTerm();
    const times = [first, second, third].map((term) => Number.parseInt(term));
    expect(times).toEqual([times[0], Date.UTC(2030, 0) + 1, Date.UTC(2030, 0) + 2]);
    expect(times[0]).toBe(Date.UTC(2026, 0));
  });
});
