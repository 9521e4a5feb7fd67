import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { Session, SessionOwner } from '../connection/session';
import type { SseError } from '../sse-error';
import { Alarm } from '../stream/alarm';
import { GapGate } from '../stream/gap-gate';
import { MessageLedger } from '../stream/message-ledger';
import type { ReceivedMessage } from '../stream/received-message';
import type { StreamPorts, StreamRequest, StreamStatus } from '../stream/session-ports';
import { StreamSession } from '../stream/stream-session';
import { Leadership } from './leadership';
import type { BroadcastChannelConstructor, BroadcastChannelLike, LockManagerLike } from './tab-platform';
import { postErrorOf, postMessageOf, postStatusOf, readError, readMessage, readStatus } from './tab-posts';
import type { Ask, LeaderPost, TabPost, TermPlace } from './tab-posts';

/** What a {@link TabSession} needs. */
export interface TabPorts {
  readonly stream: StreamPorts;
  readonly locks: LockManagerLike;
  readonly Channel: BroadcastChannelConstructor;
  /** Names the stream and its user, alike in all tabs. */
  readonly name: string;
  /** Names the user. */
  readonly scopeName: string;
  readonly leaderTimeoutMs: number;
}

type Told<P = LeaderPost> = P extends unknown ? Omit<P, keyof TermPlace> : never;

/** Rings without a word of a leader, after which it is asked, and after which it counts as frozen: it was asked twice. */
const RINGS_UNTIL_ASKED = 2;
const RINGS_UNTIL_FROZEN = 4;
/** Share of a ring's time that is random, so that tabs do not all take over at once. */
const JITTER = 0.2;

/**
 * One tab's part in a stream that the tabs of a user share. It leads: reads the stream by a connection of its own and tells the
 * others. Or it follows: gets what the leader tells, and no connection. Or it has a connection of its own without leading,
 * as long as the leader lacks what this tab needs next.
 *
 * Whether a leader is alive is decided by asking it, not by clocks: the timers of hidden tabs are throttled, but questions
 * are answered by all that are not frozen, and who asks late only decides late.
 */
export class TabSession implements Session {
  readonly #ports: TabPorts;
  readonly #request: StreamRequest;
  readonly #owner: SessionOwner;
  readonly #leadership: Leadership;
  readonly #tab = crypto.randomUUID();
  readonly #ledger: MessageLedger;
  readonly #gate = new GapGate();
  readonly #ring: Alarm;

  #channel: BroadcastChannelLike | undefined;
  #scopeChannel: BroadcastChannelLike | undefined;
  /** The own connection, of who leads or cannot follow. */
  #own: StreamSession | undefined;
  #isLeading = false;
  /** Term of the latest leader that was heard of. */
  #term = '';
  /** What was got, or told, of the term; `undefined` for who does not know. */
  #place: TermPlace | undefined;
  /** What the leader before this one had told when its turn ended. */
  #inherited: TermPlace | undefined;
  /** Whether everything up to {@link #place} was got, so that what comes next follows it. */
  #isFollowing = false;
  #asked = 0;
  /** What the last question named as {@link Ask.cursor}. */
  #askedFrom: Cursor | undefined;
  #silentRings = 0;
  /** How often it takes no for an answer before it connects. */
  #patience = 0;
  #status: StreamStatus = { state: 'connecting', error: undefined, attempt: 0, nextAttemptAt: undefined };
  #hasReceived = false;
  #hasBeenLive = false;
  #isBridging = false;
  #isSuspended = false;
  #isOver = false;

  constructor(ports: TabPorts, request: StreamRequest, owner: SessionOwner) {
    this.#ports = ports;
    this.#request = request;
    this.#owner = owner;
    this.#ledger = new MessageLedger(request.start);
    this.#ring = new Alarm(ports.stream.clock);
    this.#leadership = new Leadership(ports.locks, ports.name, {
      won: () => this.#lead(),
      lost: () => this.#seekAgain(),
      unavailable: () => {
        this.#leave();
        this.#connect();
      },
    });
  }

  start(): void {
    this.#enter();
    this.#owner.changed(this.#status);
  }

  reconnect(): void {
    this.#urge('reconnect');
  }

  networkMayBeBack(): void {
    this.#urge('networkMayBeBack');
  }

  networkMayBeLost(): void {
    this.#own?.networkMayBeLost();
  }

  suspend(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#isSuspended = true;
    this.#leave();
    this.#changed({ ...this.#status, state: 'reconnecting', nextAttemptAt: undefined });
  }

  resume(): void {
    if (this.#isOver || !this.#isSuspended) return;
    this.#isSuspended = false;
    this.#enter();
  }

  signOut(): void {
    this.#scopeChannel?.postMessage('signOut');
  }

  close(): void {
    this.#isOver = true;
    this.#leave();
  }

  #enter(): void {
    const { Channel, name, scopeName } = this.#ports;
    this.#channel = new Channel(name);
    this.#channel.onmessage = ({ data }) => this.#take(data as TabPost);
    this.#scopeChannel = new Channel(scopeName);
    // Made again rather than ended: the server knows who is still signed in, and refuses the others.
    this.#scopeChannel.onmessage = () => {
      if (this.#status.state === 'open' || this.#status.state === 'polling') this.#own?.reconnect();
    };
    this.#seekAgain();
  }

  #leave(): void {
    this.#leadership.leave();
    this.#ring.clear();
    for (const channel of [this.#channel, this.#scopeChannel]) {
      if (!channel) continue;
      channel.onmessage = null;
      channel.close();
    }
    this.#channel = this.#scopeChannel = undefined;
    this.#isLeading = this.#isFollowing = false;
    this.#place = undefined;
    this.#gate.discard();
    this.#disconnect();
  }

  // --- The own connection

  /** Reads the stream itself from where this tab is. */
  #connect(): void {
    if (this.#isOver || this.#own) return;
    this.#gate.discard(); // a gap that was being bridged is met again
    this.#isFollowing = false;
    this.#patience = 0;
    if (!this.#isLeading) this.#place = undefined;
    this.#own = new StreamSession(
      this.#ports.stream,
      { ...this.#request, start: this.#ledger.cursor },
      {
        deliver: (message) => this.#deliver(message),
        bridge: (gap) => this.#bridge(gap),
        bridged: (gap) => this.#bridged(gap),
        changed: (status) => this.#changed(status),
        ended: (error) => this.#ended(error),
      },
    );
    this.#own.start();
  }

  #disconnect(): void {
    this.#own?.close();
    this.#own = undefined;
    this.#isBridging = false;
  }

  async #bridge(gap: Gap): Promise<void> {
    this.#isBridging = true;
    try {
      await this.#owner.bridge(gap);
    } finally {
      this.#isBridging = false;
    }
  }

  // --- What comes, of the own connection or of the leader

  #deliver(message: ReceivedMessage): void {
    // Messages without an id may repeat the last one. Another connection of this tab may have brought what this one brings.
    if (message.id !== '' && message.id !== this.#ledger.cursor && !this.#ledger.takePaged(message.id)) return;
    this.#hasReceived = true;
    this.#tellNext({ kind: 'message', message: postMessageOf(message) });
    this.#owner.deliver(message);
  }

  #bridged(gap: Gap): void {
    this.#ledger.jumpTo(gap.to);
    this.#tellNext({ kind: 'gap', gap });
    this.#owner.bridged(gap);
  }

  #changed(status: StreamStatus): void {
    const { state } = status;
    this.#hasBeenLive ||= state === 'open' || state === 'polling';
    this.#status = this.#hasBeenLive && state === 'connecting' ? { ...status, state: 'reconnecting' } : status;
    if (this.#isLeading) this.#tell({ kind: 'status', status: postStatusOf(this.#status) });
    this.#owner.changed(this.#status);
  }

  #ended(error: SseError | undefined): void {
    if (this.#isLeading) this.#tell({ kind: 'end', error: postErrorOf(error) });
    this.close();
    this.#owner.ended(error);
  }

  // --- Leading

  #lead(): void {
    const now = this.#ports.stream.clock.now();
    this.#ring.clear();
    this.#isLeading = true;
    this.#inherited = this.#isFollowing ? this.#place : undefined;
    this.#isFollowing = false;
    // Later than any other, also if the wall clock was set back.
    const at = Math.max(now, (Number.parseInt(this.#term) || 0) + 1);
    this.#term = `${String(at).padStart(16, '0')} ${this.#tab}`;
    this.#place = { term: this.#term, number: 0 };
    if (this.#own) this.#changed(this.#status);
    else this.#connect();
  }

  #tellNext(told: Told): void {
    if (!this.#isLeading || !this.#place) return;
    this.#place = { ...this.#place, number: this.#place.number + 1 };
    this.#tell(told);
  }

  #tell(told: Told): void {
    if (this.#place) this.#channel?.postMessage({ ...this.#place, ...told });
  }

  #answer({ ask, place, cursor, urge }: Ask): void {
    const now = this.#ports.stream.clock.now();
    // The timers of a hidden tab may be late by a minute; who asks may be looking at the screen.
    const isLate = (this.#status.nextAttemptAt?.getTime() ?? Infinity) < now;
    this.#own?.[isLate ? 'reconnect' : (urge ?? 'networkMayBeLost')]();
    if (!this.#place) return; // that ended it
    const { term, number } = this.#place;
    const kept = this.#owner.recall(place?.term === term ? number - place.number : (cursor ?? 0));
    this.#tell({ kind: 'rest', ask, messages: kept?.map(postMessageOf), status: postStatusOf(this.#status) });
  }

  // --- Following

  /** Not leading, or no longer: waits for its turn, and asks whoever leads for what it has not got. */
  #seekAgain(): void {
    this.#isLeading = false;
    this.#place = undefined;
    this.#leadership.seek();
    this.#silentRings = RINGS_UNTIL_ASKED;
    this.#ask();
    this.#wait();
  }

  #urge(urge: NonNullable<Ask['urge']>): void {
    if (this.#own) this.#own[urge]();
    else this.#ask(urge);
  }

  #ask(urge?: Ask['urge']): void {
    this.#asked += 1;
    this.#askedFrom = this.#ledger.cursor || (this.#hasReceived ? undefined : '');
    this.#channel?.postMessage({
      kind: 'ask',
      ask: `${this.#tab} ${this.#asked}`,
      place: this.#place,
      cursor: this.#askedFrom,
      urge,
    } satisfies Ask);
  }

  #wait(): void {
    const { leaderTimeoutMs, stream } = this.#ports;
    const ringMs = leaderTimeoutMs / (RINGS_UNTIL_FROZEN - RINGS_UNTIL_ASKED);
    this.#ring.set(ringMs * (1 + JITTER * stream.random()), () => this.#look());
  }

  #look(): void {
    this.#silentRings += 1;
    if (this.#silentRings >= RINGS_UNTIL_FROZEN) {
      this.#silentRings = 0;
      this.#leadership.seek(true);
    } else if (this.#silentRings >= RINGS_UNTIL_ASKED || !this.#isFollowing) {
      this.#ask();
    }
    this.#wait();
  }

  #take(post: TabPost): void {
    if (post.kind === 'ask') {
      if (this.#isLeading) this.#answer(post);
      return;
    }
    if (this.#isLeading) return this.#takeLate(post);
    if (post.term < this.#term) return; // of one who was deposed
    this.#silentRings = 0;
    if (post.term > this.#term) {
      this.#term = post.term;
      this.#isFollowing = false;
      this.#place = undefined;
      if (post.kind !== 'rest') this.#ask();
    }
    if (post.kind === 'rest') this.#takeRest(post);
    else if (this.#isFollowing) this.#takeNext(post);
  }

  /** The lock may come before the news that there is nothing left to lead. */
  #takeLate(post: LeaderPost): void {
    const had = this.#inherited;
    if (post.kind === 'end' && post.term === had?.term && post.number === had.number)
      this.#ended(readError(post.error));
  }

  #takeNext(post: Exclude<LeaderPost, { kind: 'rest' }>): void {
    const has = this.#place?.number ?? 0;
    const isNext = post.kind === 'message' || post.kind === 'gap';
    if (post.number > (isNext ? has + 1 : has)) {
      this.#isFollowing = false; // something was lost on the way
      return this.#ask();
    }
    if (post.number <= has && isNext) return;
    this.#place = { term: post.term, number: post.number };
    switch (post.kind) {
      case 'message':
        return this.#gate.run(() => this.#deliver(readMessage(post.message)));
      case 'gap':
        return this.#hold(post.gap);
      case 'status':
        return this.#changed(readStatus(post.status));
      case 'end':
        return this.#gate.run(() => this.#ended(readError(post.error)));
    }
  }

  #hold(gap: Gap): void {
    this.#gate.run(() => {
      this.#gate.hold(
        this.#owner.bridge(gap),
        () => this.#bridged(gap),
        () => this.#connect(), // its own connection tries again, at its own pace
      );
    });
  }

  #takeRest({ term, number, ask, messages, status }: LeaderPost & { kind: 'rest' }): void {
    if (this.#isFollowing || ask !== `${this.#tab} ${this.#asked}`) return; // it only showed that there is a leader
    if (!messages) {
      // Who followed may be ahead of a new leader that is catching up: it is asked once more.
      if (this.#patience === 0) return this.#connect();
      this.#patience -= 1;
      return;
    }
    let missing = messages;
    if (this.#own) {
      // Only where what this connection brought meanwhile is found in the answer, so that it does not come again.
      const { cursor } = this.#ledger;
      const last = messages.findLastIndex(([, id]) => id === cursor);
      if (this.#isBridging || (cursor !== this.#askedFrom && (cursor === '' || last < 0))) return;
      missing = messages.slice(last + 1);
      this.#disconnect();
    }
    this.#isFollowing = true;
    this.#patience = 1;
    this.#place = { term, number };
    for (const message of missing) this.#gate.run(() => this.#deliver(readMessage(message)));
    if (this.#isFollowing) this.#changed(readStatus(status));
  }
}
