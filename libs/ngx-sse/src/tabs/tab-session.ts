import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseError } from '../sse-error';
import { MessageLedger } from '../stream/message-ledger';
import type { ReceivedMessage } from '../stream/received-message';
import type { Session, SessionOwner } from '../stream/session';
import type { StreamOwner, StreamPorts, StreamRequest, StreamStatus } from '../stream/session-ports';
import { StreamSession } from '../stream/stream-session';
import { Follower, type FollowerEvents } from './follower';
import { Leadership } from './leadership';
import { TabLine } from './tab-line';
import type { BroadcastChannelConstructor, LockManagerLike } from './tab-platform';
import { postErrorOf, postMessageOf, postStatusOf, readError } from './tab-posts';
import type { Ask, LeaderPost, PostedMessage, TabPost, TermPlace } from './tab-posts';

/** What a {@link TabSession} needs. */
export interface TabPorts {
  readonly stream: StreamPorts;
  readonly locks: LockManagerLike;
  readonly Channel: BroadcastChannelConstructor;
  /** Names the stream and its user, alike in all tabs. */
  readonly streamName: string;
  readonly userName: string;
  readonly leaderTimeoutMs: number;
}

/** What a leader tells, before it is counted. */
type Told<P = LeaderPost> = P extends unknown ? Omit<P, keyof TermPlace> : never;

/**
 * One tab's part in a stream that the tabs of a user share. It leads: reads the stream by a connection of its own and tells the
 * others. Or it follows: gets what the leader tells, and no connection. Or it has a connection of its own without leading,
 * as long as the leader lacks what this tab needs next.
 */
export class TabSession implements Session, StreamOwner, FollowerEvents {
  readonly #ports: TabPorts;
  readonly #request: StreamRequest;
  readonly #owner: SessionOwner;
  readonly #leadership: Leadership;
  readonly #follower: Follower;
  readonly #ledger: MessageLedger;

  #line: TabLine | undefined;
  /** The own connection, of who leads or reads alone. */
  #own: StreamSession | undefined;
  /** What was told so far; `undefined` for who does not lead. */
  #told: TermPlace | undefined;
  /** What the leader before had told. */
  #inherited: TermPlace | undefined;
  #status: StreamStatus = { state: 'connecting', error: undefined, attempt: 0, nextAttemptAt: undefined };
  #hasReceived = false;
  #hasBeenLive = false;
  /** Gaps whose snapshot is on its way. */
  #bridging = 0;
  #isSuspended = false;
  #isOver = false;

  constructor(ports: TabPorts, request: StreamRequest, owner: SessionOwner) {
    const { clock, random } = ports.stream;
    this.#ports = ports;
    this.#request = request;
    this.#owner = owner;
    this.#ledger = new MessageLedger(request.start);
    this.#leadership = new Leadership(ports.locks, ports.streamName, {
      won: () => this.#lead(),
      lost: () => this.#follow(),
      unavailable: () => {
        this.#leave();
        this.#connect();
      },
    });
    const tab = crypto.randomUUID();
    this.#follower = new Follower({ clock, random, leaderTimeoutMs: ports.leaderTimeoutMs, tab }, this);
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
    this.changed({ ...this.#status, state: 'reconnecting', nextAttemptAt: undefined });
  }

  resume(): void {
    if (this.#isOver || !this.#isSuspended) return;
    this.#isSuspended = false;
    this.#enter();
  }

  signOut(): void {
    this.#line?.signOut();
  }

  close(): void {
    this.#isOver = true;
    this.#leave();
  }

  #urge(urge: NonNullable<Ask['urge']>): void {
    if (this.#own) this.#own[urge]();
    else this.#follower.ask(urge);
  }

  #enter(): void {
    const { Channel, streamName, userName } = this.#ports;
    this.#line = new TabLine(Channel, streamName, userName, {
      take: (post) => this.#take(post),
      // Made again rather than ended: the server knows who is still signed in, and refuses the others.
      signedOut: () => {
        if (this.#status.state === 'open' || this.#status.state === 'polling') this.#own?.reconnect();
      },
    });
    this.#follow();
  }

  #leave(): void {
    this.#leadership.leave();
    this.#follower.stop();
    this.#line?.close();
    this.#line = this.#told = undefined;
    this.#disconnect();
  }

  /** Waits for its turn to lead, and until then gets from whoever leads what it has not got. */
  #follow(): void {
    this.#told = undefined;
    this.#leadership.seek();
    this.#follower.start(this.#hasReceived);
  }

  #lead(): void {
    this.#inherited = this.#follower.stop();
    this.#told = { term: this.#follower.nextTerm(), number: 0 };
    if (this.#own) this.changed(this.#status);
    else this.#connect();
  }

  /** Reads the stream itself from where this tab is. */
  #connect(): void {
    if (this.#isOver || this.#own) return;
    this.#follower.goAlone();
    this.#own = new StreamSession(this.#ports.stream, { ...this.#request, start: this.#ledger.cursor }, this);
    this.#own.start();
  }

  #disconnect(): void {
    this.#own?.close();
    this.#own = undefined;
  }

  // --- What comes, by the own connection or from the leader

  deliver(message: ReceivedMessage): void {
    const { id } = message;
    // Messages without an id may repeat the last one. Another connection of this tab may have brought what this one brings.
    if (id !== '' && id !== this.#ledger.cursor && !this.#ledger.takePaged(id)) return;
    this.#hasReceived = true;
    this.#tellNext({ kind: 'message', message: postMessageOf(message) });
    this.#owner.deliver(message);
  }

  async bridge(gap: Gap): Promise<void> {
    this.#bridging += 1;
    try {
      await this.#owner.bridge(gap);
    } finally {
      this.#bridging -= 1;
    }
  }

  bridged(gap: Gap): void {
    this.#ledger.jumpTo(gap.to);
    this.#tellNext({ kind: 'gap', gap });
    this.#owner.bridged(gap);
  }

  changed(status: StreamStatus): void {
    const { state } = status;
    this.#hasBeenLive ||= state === 'open' || state === 'polling';
    this.#status = this.#hasBeenLive && state === 'connecting' ? { ...status, state: 'reconnecting' } : status;
    this.#tell({ kind: 'status', status: postStatusOf(this.#status) });
    this.#owner.changed(this.#status);
  }

  ended(error: SseError | undefined): void {
    this.#tell({ kind: 'end', error: postErrorOf(error) });
    this.close();
    this.#owner.ended(error);
  }

  // --- What a follower needs

  ask(ask: Ask): void {
    this.#line?.post(ask);
  }

  get cursor(): Cursor | undefined {
    return this.#ledger.cursor || (this.#hasReceived ? undefined : '');
  }

  join(messages: readonly PostedMessage[], from: Cursor | undefined): readonly PostedMessage[] | undefined {
    if (!this.#own) return messages;
    const { cursor } = this.#ledger;
    // Only where what the own connection brought meanwhile is found in the answer, so that it does not come again.
    const last = cursor === '' ? -1 : messages.findLastIndex(([, id]) => id === cursor);
    if (this.#bridging > 0 || (last < 0 && cursor !== from)) return undefined;
    this.#disconnect();
    return messages.slice(last + 1);
  }

  failed(): void {
    this.#connect();
  }

  frozen(): void {
    this.#leadership.seek(true);
  }

  // --- What tabs tell each other

  /** Tells all, if this tab leads. */
  #tell(told: Told): void {
    if (this.#told) this.#line?.post({ ...this.#told, ...told });
  }

  #tellNext(told: Told): void {
    if (!this.#told) return;
    this.#told = { ...this.#told, number: this.#told.number + 1 };
    this.#tell(told);
  }

  #take(post: TabPost): void {
    if (post.kind === 'ask') this.#answer(post);
    else if (!this.#told) this.#follower.take(post);
    else if (post.kind === 'end' && post.term === this.#inherited?.term && post.number === this.#inherited.number) {
      // The lock came before the news that there is nothing left to lead.
      this.ended(readError(post.error));
    }
  }

  #answer({ ask, place, cursor, urge }: Ask): void {
    if (!this.#told) return;
    // The timers of a hidden tab may be late by a minute; who asks may be looking at the screen.
    const isLate = (this.#status.nextAttemptAt?.getTime() ?? Infinity) < this.#ports.stream.clock.now();
    this.#own?.[isLate ? 'reconnect' : (urge ?? 'networkMayBeLost')]();
    if (!this.#told) return; // that ended it
    const { term, number } = this.#told;
    const kept = this.#owner.recall(place?.term === term ? number - place.number : (cursor ?? 0));
    this.#tell({ kind: 'rest', ask, messages: kept?.map(postMessageOf), status: postStatusOf(this.#status) });
  }
}
