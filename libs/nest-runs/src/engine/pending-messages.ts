import type { StoredMessage } from '../store/run-event.store.js';

/** A message on its way to the log, with the run's progress after it where it changes that. */
export interface PendingMessage {
  event: string;
  /** Encodes it when it is taken; `text` is what was joined. */
  render(text: string): StoredMessage;
  progress?: number;
  /** May be held back; one of the same key then joins its text to it, or without text takes its place. */
  key?: string;
  text?: string;
}

/** Text of deltas that is not held back any longer, in characters. */
const DELTA_LIMIT = 1024;

/**
 * Messages that a step has emitted and the log does not have yet, in order. The newest may be held back for a moment to
 * be joined with the next: a `delta` with one of the same place, an `advanced` with one that replaces it. Any other
 * message sends what is held before itself.
 */
export class PendingMessages {
  private ready: PendingMessage[] = [];
  private held: PendingMessage | undefined;

  /** Whether something is to be sent now, not only after the holding time. */
  get isDue(): boolean {
    return this.ready.length > 0;
  }

  get isEmpty(): boolean {
    return this.ready.length === 0 && this.held === undefined;
  }

  push(message: PendingMessage): void {
    this.releaseHeld();
    this.ready.push(message);
  }

  /** Holds a message back, joined with what is held under its key. */
  hold(message: PendingMessage): void {
    if (this.held?.key === message.key) {
      const text = message.text === undefined ? undefined : (this.held?.text ?? '') + message.text;
      this.held = { ...message, ...(text !== undefined && { text }) };
    } else {
      this.releaseHeld();
      this.held = message;
    }
    if ((this.held?.text?.length ?? 0) >= DELTA_LIMIT) this.releaseHeld();
  }

  /** Takes all messages, held ones too. */
  take(): PendingMessage[] {
    this.releaseHeld();
    return this.ready.splice(0);
  }

  /** Puts back what could not be stored. */
  putBack(messages: readonly PendingMessage[]): void {
    this.ready.unshift(...messages);
  }

  private releaseHeld(): void {
    if (this.held) this.ready.push(this.held);
    this.held = undefined;
  }
}
