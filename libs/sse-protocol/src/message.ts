import type { Cursor } from './cursor.js';

/** What every message's data carries. */
export interface MessageData {
  /** RFC 3339, UTC. */
  timestamp: string;
}

/** A map of event names to the shapes of their data; the type parameter of streams and clients. */
export type EventMap = object;

/** A message before its log has given it a place. */
export type NewMessage<E extends EventMap = Record<string, unknown>> = {
  [K in keyof E & string]: { readonly event: K; readonly data: E[K] };
}[keyof E & string];

/** A message with its place in the log: `{ event, id, data }`, discriminated by `event`. */
export type Message<E extends EventMap = Record<string, unknown>> = {
  [K in keyof E & string]: { readonly event: K; readonly id: Cursor; readonly data: E[K] };
}[keyof E & string];
