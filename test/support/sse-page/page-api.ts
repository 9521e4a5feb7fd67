/** What the page of `sse-page` offers to specs; shared by both sides, so it imports nothing but types of the wire. */

/** Features of `provideSse`, as JSON; what is missing is not provided. Connections with equal features share one `SseClient`. */
export interface PageFeatures {
  readonly reconnect?: {
    readonly initialDelayMs?: number;
    readonly maxDelayMs?: number;
    readonly jitter?: number;
    readonly stableAfterMs?: number;
  };
  readonly liveness?: { readonly firstByteTimeoutMs?: number; readonly heartbeatFactor?: number };
  readonly polling?: {
    readonly afterFailures?: number;
    readonly intervalMs?: number;
    readonly pageSize?: number;
    readonly retryStreamAfterMs?: number;
    readonly giveUpAfterMs?: number;
  };
  readonly transport?: 'auto' | 'sse' | 'native' | 'fetch' | 'polling';
  readonly fetch?: { readonly headers?: Readonly<Record<string, string>>; readonly maxMessageCharacters?: number };
  /** `withCrossTabSharing`. */
  readonly tabs?: { readonly leaderTimeoutMs?: number };
  /** `POST`ed to through `HttpClient` before each attempt; answers `{ "ticket": "…" }`. */
  readonly ticketUrl?: string;
  readonly credentials?: true;
  readonly lastEventIdParameter?: string;
  readonly serviceWorkerBypass?: true;
}

/** Options of one connection, as JSON. */
export interface PageOptions {
  readonly events?: readonly string[];
  readonly lastEventId?: string;
  /** Messages whose data has `bad: true` are refused by a validator. */
  readonly validate?: true;
  /**
   * What `onGap` does. `fetch` reads the gap's snapshot and keeps its text, and fails unless it is answered with 2xx; `accept` does
   * nothing; `fail` throws; not given: there is no `onGap`.
   */
  readonly onGap?: 'fetch' | 'accept' | 'fail';
}

/** What {@link PageApi.connect} is told besides the URL. */
export interface PageConnectOptions {
  readonly features?: PageFeatures;
  readonly options?: PageOptions;
  /** `count` keeps no messages, for load. Default `all`. */
  readonly record?: 'all' | 'count';
}

/** A message as it was delivered; times are milliseconds since the epoch. */
export interface SeenMessage {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
  readonly at: number;
}

/** A change of state, as an Angular effect saw it: changes within one turn are one. */
export interface SeenState {
  readonly state: string;
  /** Code of the error signal. */
  readonly error: string | undefined;
  readonly attempt: number;
  readonly at: number;
}

export interface SeenGap {
  readonly reason: string;
  readonly from: string;
  readonly to: string;
  readonly snapshot: string;
  /** Text of the snapshot, if it was fetched. */
  readonly body: string | undefined;
  /** How many messages had been delivered before. */
  readonly afterMessages: number;
  readonly at: number;
}

/** Everything that one connection did so far. */
export interface ConnectionRecord {
  /** How many messages were delivered, kept or not. */
  count: number;
  readonly messages: SeenMessage[];
  readonly states: SeenState[];
  readonly invalid: { readonly event: string; readonly id: string; readonly reason: string }[];
  readonly gaps: SeenGap[];
  /** How `messages` ended: `completed`, or the error's code. */
  end: string | undefined;
}

/** The same, with what the signals say now. */
export interface ConnectionReport extends ConnectionRecord {
  readonly state: string;
  readonly error: string | undefined;
  readonly lastEventId: string;
  /** How often the signal of it was written with another value. */
  readonly lastEventIdWrites: number;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly nextAttemptAt: number | undefined;
}

/** `window.sse` of the page. Connections go by a name of the spec's choice. */
export interface PageApi {
  /** Connects and subscribes at once to `messages` and `invalid`. */
  connect(name: string, url: string, how?: PageConnectOptions): void;
  /** Unsubscribes from everything, so that the connection pauses; {@link resume} subscribes again. */
  pause(name: string): void;
  resume(name: string): void;
  reconnect(name: string): void;
  close(name: string): void;
  /** Closes it and drops its record. */
  forget(name: string): void;
  /** `SseClient.closeAll()` of every client, as on signing out. */
  closeAll(): void;
  /** Destroys every client's injector, as when the application ends, and drops all records. */
  dispose(): void;
  report(name: string): ConnectionReport;
}
