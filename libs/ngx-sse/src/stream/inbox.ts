import type { Cursor, EventPage, Gap } from '@throughline/sse-protocol';
import { GapGate } from './gap-gate';
import { MessageLedger } from './message-ledger';
import { ReceivedMessage } from './received-message';
import type { StreamOwner } from './stream-owner';

/** Takes messages from whichever transport is in use, and lets each through once, in order, also around gaps. */
export class Inbox {
  readonly #events: ReadonlySet<string>;
  readonly #ledger: MessageLedger;
  readonly #gate = new GapGate();
  readonly #owner: StreamOwner;
  /** The gap could not be bridged; the cursor still stands before it. */
  readonly #bridgeFailed: (cause: unknown) => void;

  constructor(events: ReadonlySet<string>, start: Cursor, owner: StreamOwner, bridgeFailed: (cause: unknown) => void) {
    this.#events = events;
    this.#ledger = new MessageLedger(start);
    this.#owner = owner;
    this.#bridgeFailed = bridgeFailed;
  }

  /** Where the next request goes on from. */
  get cursor(): Cursor {
    return this.#ledger.cursor;
  }

  /** A connection begins; what waited for a snapshot will be sent again. */
  beginConnection(): void {
    this.#gate.discard();
    this.#ledger.beginConnection();
  }

  /** A message of the stream. */
  takeStreamed(message: ReceivedMessage): void {
    this.#gate.run(() => {
      if (!this.#ledger.takeStreamed(message.id) || !this.#events.has(message.event)) return;
      // On a message without an id, EventSource repeats the last one, which may be a duplicate's: that is no place to go back to.
      const isBehind = message.id !== '' && message.id !== this.cursor;
      this.#owner.deliver(isBehind ? message.at(this.cursor) : message);
    });
  }

  /** A page; {@link afterwards} tells when it is through. */
  takePage(page: EventPage): void {
    if (page.gap) this.takeGap(page.gap);
    for (const message of page.events) {
      this.#gate.run(() => {
        const isNew = this.#ledger.takePaged(message.id);
        if (isNew && this.#events.has(message.event)) this.#owner.deliver(ReceivedMessage.fromPage(message));
      });
    }
    this.#gate.run(() => this.#ledger.moveTo(page.cursor));
  }

  /** The server cannot go on from the cursor. */
  takeGap(gap: Gap): void {
    this.#gate.run(() => {
      this.#gate.hold(
        this.#owner.bridge(gap),
        () => {
          this.#ledger.jumpTo(gap.to);
          this.#owner.bridged(gap);
        },
        this.#bridgeFailed,
      );
    });
  }

  /** Calls back when everything taken so far is through; never, if a gap before it cannot be bridged. */
  afterwards(step: () => void): void {
    this.#gate.run(step);
  }

  /** Drops what waits for a snapshot, because its connection is gone. */
  discard(): void {
    this.#gate.discard();
  }
}
