import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseError } from '../sse-error';
import { Alarm } from '../stream/alarm';
import { GapGate } from '../stream/gap-gate';
import type { ReceivedMessage } from '../stream/received-message';
import type { StreamStatus } from '../stream/session-ports';
import type { SseClock } from '../tokens';
import { readError, readMessage, readStatus } from './tab-posts';
import type { Ask, LeaderPost, PostedMessage, TermPlace } from './tab-posts';

/** What a {@link Follower} needs. */
export interface FollowerPorts {
  readonly clock: SseClock;
  readonly random: () => number;
  readonly leaderTimeoutMs: number;
  /** Names the tab. */
  readonly tab: string;
}

/** What a {@link Follower} tells, in order; nothing after {@link Follower.stop}. */
export interface FollowerEvents {
  ask(ask: Ask): void;
  /** Where this tab is in the stream; `undefined` if no cursor names it: without ids, only what comes from now on is known to be new. */
  readonly cursor: Cursor | undefined;
  /** Whether to follow from here on: returns which of the messages after `from` are missing, or `undefined` to go on alone. */
  join(messages: readonly PostedMessage[], from: Cursor | undefined): readonly PostedMessage[] | undefined;
  deliver(message: ReceivedMessage): void;
  bridge(gap: Gap): Promise<void>;
  bridged(gap: Gap): void;
  changed(status: StreamStatus): void;
  ended(error: SseError | undefined): void;
  /** The leader does not have what comes next, or it could not be used. */
  failed(): void;
  /** The leader does not answer. */
  frozen(): void;
}

/** Rings without a word of a leader, after which it is asked, and after which it counts as frozen: it was asked twice. */
const RINGS_UNTIL_ASKED = 2;
const RINGS_UNTIL_FROZEN = 4;
/** Share of a ring's time that is random, so that tabs do not all take over at once. */
const JITTER = 0.2;

/**
 * Gets what a leader tells, exactly once and in order, and asks for what was lost on the way.
 *
 * Whether a leader is alive is decided by asking it, not by clocks: the timers of hidden tabs are throttled, but questions
 * are answered by all that are not frozen, and who asks late only decides late.
 */
export class Follower {
  readonly #ports: FollowerPorts;
  readonly #to: FollowerEvents;
  readonly #gate = new GapGate();
  readonly #ring: Alarm;
  /** Term of the latest leader that was heard of. */
  #term = '';
  /** What was got of it. */
  #place: TermPlace | undefined;
  /** Whether everything up to the place was got, so that what comes next follows it. */
  #isInStep = false;
  #asked = 0;
  /** Where the tab was when it last asked. */
  #askedFrom: Cursor | undefined;
  #silentRings = 0;
  /** How often it takes no for an answer. */
  #patience = 0;

  constructor(ports: FollowerPorts, to: FollowerEvents) {
    this.#ports = ports;
    this.#to = to;
    this.#ring = new Alarm(ports.clock);
  }

  /** Looks for a leader; `isPatient`: one that has not got so far yet is asked once more. */
  start(isPatient = false): void {
    this.goAlone();
    this.#patience = Number(isPatient);
    this.#silentRings = RINGS_UNTIL_ASKED;
    this.ask();
    this.#wait();
  }

  /** Reads on by itself for now, and goes on asking. */
  goAlone(): void {
    this.#gate.discard(); // a gap that was being bridged is met again
    this.#isInStep = false;
    this.#place = undefined;
    this.#patience = 0;
  }

  /** Returns what was got of the leader, if nothing is missing. */
  stop(): TermPlace | undefined {
    const place = this.#isInStep ? this.#place : undefined;
    this.#ring.clear();
    this.goAlone();
    return place;
  }

  /** Names a time of leading: later than any other, also if the wall clock was set back. */
  nextTerm(): string {
    const at = Math.max(this.#ports.clock.now(), timeOf(this.#term) + 1);
    this.#term = `${at} ${this.#ports.tab}`;
    return this.#term;
  }

  /** Asks for what is missing, and whether there still is a leader. */
  ask(urge?: Ask['urge']): void {
    this.#asked += 1;
    this.#askedFrom = this.#to.cursor;
    this.#to.ask({ kind: 'ask', ask: this.#question, place: this.#place, cursor: this.#askedFrom, urge });
  }

  take(post: LeaderPost): void {
    if (timeOf(post.term) < timeOf(this.#term)) return; // of one who was deposed
    this.#silentRings = 0;
    if (post.term !== this.#term) {
      this.#term = post.term;
      this.#isInStep = false;
      this.#place = undefined;
      if (post.kind !== 'rest') this.ask();
    }
    if (post.kind === 'rest') this.#takeRest(post);
    else if (this.#isInStep) this.#takeNext(post);
  }

  get #question(): string {
    return `${this.#ports.tab} ${this.#asked}`;
  }

  #takeNext(post: Exclude<LeaderPost, { kind: 'rest' }>): void {
    const has = this.#place?.number ?? 0;
    const isCounted = post.kind === 'message' || post.kind === 'gap';
    if (post.number > (isCounted ? has + 1 : has)) {
      this.#isInStep = false; // something was lost on the way
      return this.ask();
    }
    if (isCounted && post.number <= has) return;
    this.#place = { term: post.term, number: post.number };
    switch (post.kind) {
      case 'message':
        return this.#gate.run(() => this.#to.deliver(readMessage(post.message)));
      case 'gap':
        return this.#gate.run(() => this.#hold(post.gap));
      case 'status':
        return this.#to.changed(readStatus(post.status));
      case 'end':
        return this.#gate.run(() => this.#to.ended(readError(post.error)));
    }
  }

  #hold(gap: Gap): void {
    const bridged = () => this.#to.bridged(gap);
    this.#gate.hold(this.#to.bridge(gap), bridged, () => this.#to.failed());
  }

  #takeRest({ term, number, ask, messages, status }: LeaderPost & { kind: 'rest' }): void {
    if (this.#isInStep || ask !== this.#question) return; // it only showed that there is a leader
    if (!messages) {
      // Who has got something may be ahead of a new leader that is catching up.
      if (this.#patience === 0) return this.#to.failed();
      this.#patience -= 1;
      return;
    }
    const missing = this.#to.join(messages, this.#askedFrom);
    if (!missing) return;
    this.#isInStep = true;
    this.#patience = 1;
    this.#place = { term, number };
    for (const message of missing) this.#gate.run(() => this.#to.deliver(readMessage(message)));
    if (this.#isInStep) this.#to.changed(readStatus(status));
  }

  #wait(): void {
    const { leaderTimeoutMs, random } = this.#ports;
    const ringMs = leaderTimeoutMs / (RINGS_UNTIL_FROZEN - RINGS_UNTIL_ASKED);
    this.#ring.set(ringMs * (1 + JITTER * random()), () => {
      this.#wait();
      this.#look();
    });
  }

  #look(): void {
    this.#silentRings += 1;
    if (this.#silentRings >= RINGS_UNTIL_FROZEN) {
      this.#silentRings = 0;
      this.#to.frozen();
    } else if (this.#silentRings >= RINGS_UNTIL_ASKED || !this.#isInStep) {
      this.ask();
    }
  }
}

/** Milliseconds since the epoch. Of two in the same millisecond, the one heard last is the later one. */
function timeOf(term: string): number {
  return Number.parseInt(term) || 0;
}
