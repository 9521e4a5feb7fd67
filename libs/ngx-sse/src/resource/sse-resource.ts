import { inject, Injector } from '@angular/core';
import type { EventMap, RunEvents } from '@throughline/sse-protocol';
import type { AnyMessage, EventsOf, MessageParser } from '../validation';
import type { SseResourceOptions, SseResourceRef } from './sse-resource-ref';
import { StreamFold } from './stream-fold';

/**
 * A `Resource` whose value folds the messages of a stream, opened and closed with its URL and its injector:
 *
 * ```ts
 * readonly run = sseResource({
 *   url: () => `/api/runs/${this.id()}/events`,
 *   defaultValue: { progress: 0 },
 *   reducer: (run, message) => (message.event === 'progress' ? { progress: message.data.progress } : run),
 * });
 * ```
 *
 * | status | when | `value()` |
 * |---|---|---|
 * | `idle` | there is no URL, or it was destroyed | `defaultValue` |
 * | `loading` | nothing has come yet | where the fold begins |
 * | `resolved` | messages have come, or the stream is open, or it has ended; also while reconnecting | the fold |
 * | `local` | by `set` or `update`, until the next message | what was set |
 * | `reloading` | by `reload()` or after an error by `connection.reconnect()`, until messages come | the fold so far |
 * | `error` | the stream cannot go on (`failed`): `error()` is the `SseError` | throws; ask `hasValue()` first |
 *
 * The value is written at most once per animation frame, however many messages come. No pending task is held. On a
 * server nothing is opened: it stays `loading` with its first value, and the browser takes over.
 *
 * The reducer's messages are those that `validate` yields, or those of the second type parameter, a map of events:
 * `sseResource<View, MyEvents>(…)`; by default a run's.
 */
export function sseResource<T, M extends AnyMessage>(
  options: Omit<SseResourceOptions<T, EventsOf<M>>, 'validate'> & { readonly validate: MessageParser<M> },
): SseResourceRef<T, EventsOf<M>>;
/** The same for messages whose types are named rather than inferred from a validator. */
export function sseResource<T, E extends EventMap = RunEvents>(options: SseResourceOptions<T, E>): SseResourceRef<T, E>;
export function sseResource<T, E extends EventMap>(options: SseResourceOptions<T, E>): SseResourceRef<T, E> {
  return new StreamFold(options, options.injector ?? inject(Injector));
}
