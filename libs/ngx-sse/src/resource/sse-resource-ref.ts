import type { Injector, ResourceRef } from '@angular/core';
import type { Cursor, EventMap, Gap, Message, RunEvents } from '@throughline/sse-protocol';
import type { SseConnection, SseConnectOptions } from '../sse-connection';

/** Where a fold begins: a value, and the cursor of the last message that it contains. */
export interface SseFoldStart<T> {
  readonly value: T;
  /** Empty for the start of the stream. */
  readonly lastEventId: Cursor;
}

/** Options of `sseResource`: those of `SseClient.connect`, and how messages become a value. */
export interface SseResourceOptions<T, E extends EventMap = RunEvents> extends Omit<
  SseConnectOptions<E>,
  'onGap' | 'lastEventId' | 'destroyRef'
> {
  /**
   * Which stream to read; a function is read reactively. `undefined` is none (status `idle`), and another URL begins
   * anew, at once. What it throws becomes the resource's error, until something that it has read changes.
   */
  readonly url: string | (() => string | undefined);
  /**
   * Folds a message into the value: called for each message, once, in order, whether or not anybody reads the value.
   * Returns a new value, or the same one if nothing has changed. If it throws, the message is left out, the error goes
   * to Angular's `ErrorHandler`, and the fold goes on with the next one.
   */
  readonly reducer: (value: NoInfer<T>, message: Message<E>) => NoInfer<T>;
  /** What is folded onto at first, and the value while there is no stream. */
  readonly defaultValue: T;
  /**
   * Where the fold of a stream begins, for state that was fetched or kept beforehand; called (untracked) whenever a URL
   * begins and by `reload()`. Default: `defaultValue`, and the stream's start.
   */
  readonly start?: (url: string) => SseFoldStart<NoInfer<T>>;
  /**
   * Fetches what stands for messages that the server no longer has: the fold goes on from its answer, with what came after the
   * gap. It is put in place only if the stream really goes on there; if fetching fails, it is tried again. Default: a gap is a final
   * error (`gap_unhandled`).
   */
  readonly onGap?: (gap: Gap, value: NoInfer<T>) => Promise<NoInfer<T>> | NoInfer<T>;
  /** With what it ends. Default: the current injection context; without either, it throws. */
  readonly injector?: Injector;
}

/** A resource whose value folds the messages of a stream; made by `sseResource`. */
export interface SseResourceRef<T, E extends EventMap = RunEvents> extends ResourceRef<T> {
  /**
   * The stream's connection: its state, cursor, attempts and invalid messages; `reconnect()` goes on after the last
   * message, and `close()` ends it for good.
   */
  readonly connection: SseConnection<E>;
  hasValue(this: T extends undefined ? this : never): this is SseResourceRef<Exclude<T, undefined>, E>;
  hasValue(): boolean;
  /**
   * Reads the stream again from where it began; the value is kept until messages come. Returns `false` while `idle` or
   * `loading`, where there is nothing to read again. To go on after the last message instead, for example when one has
   * signed in again, use `connection.reconnect()`.
   */
  reload(): boolean;
  /**
   * Puts another value in the place of the fold's (status `local`), for example before the server has confirmed it. The stream
   * goes on, and the next message is folded onto it.
   */
  set(value: T): void;
  /** As {@link set}, from the newest value: messages that the frame has yet to show are in it. */
  update(updater: (value: T) => T): void;
}
