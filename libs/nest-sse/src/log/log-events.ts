/** The messages of a log. */
type MessageOf<L> = L extends { readAfter(...args: never[]): Promise<{ readonly events: readonly (infer M)[] }> }
  ? M extends { readonly event: string; readonly data: unknown }
    ? M
    : never
  : never;

/** A map of events, from the union of their messages. */
type MapOf<M extends { readonly event: string; readonly data: unknown }> = {
  [K in M['event']]: Extract<M, { readonly event: K }>['data'];
};

/** The map of events of a log: `LogEvents<EventLog<Prices>>` is `Prices`. */
export type LogEvents<L> = MapOf<MessageOf<L>>;

/** The events of several logs together; data of events with the same name is of either shape. */
export type MergedEvents<Logs extends Record<string, unknown>> = MapOf<MessageOf<Logs[keyof Logs]>>;
