import type { Observable } from 'rxjs';

/**
 * How messages come. `auto`: the stream, with polling as its fallback where {@link withPollingFallback} is given · `sse`: the
 * stream alone, read by `fetch` where {@link withFetchTransport} is given, else by `EventSource` · `native`: by `EventSource`
 * even so · `fetch`: by `fetch`, which needs {@link withFetchTransport} · `polling`: JSON pages
 */
export type SseTransport = 'auto' | 'sse' | 'native' | 'fetch' | 'polling';

/** When a lost connection is made again. */
export interface ReconnectOptions {
  /** Delay after the first failure; doubles with each further one. Default 1,000. */
  readonly initialDelayMs: number;
  /** No delay is longer. Default 30,000. */
  readonly maxDelayMs: number;
  /** Share of a delay that is random, 0 to 1: a delay is `1 − jitter × random` of the schedule. Default 0.5. */
  readonly jitter: number;
  /** The schedule starts again only after a connection has lasted this long. Default 10,000. */
  readonly stableAfterMs: number;
}

/** When a connection counts as dead although nobody said so. */
export interface LivenessOptions {
  /** Time for the first message; `Infinity` for servers that may say nothing at first. Default 10,000. */
  readonly firstByteTimeoutMs: number;
  /** Silence allowed, in heartbeats. Default 2.5. */
  readonly heartbeatFactor: number;
  /** Time between heartbeats of servers that do not announce it in `stream.open`. Default `Infinity`: they may be silent. */
  readonly heartbeatIntervalMs: number;
}

/** The JSON pages that stand in for the stream. */
export interface PollingOptions {
  /** Failures in a row without a byte, after which polling starts. Default 3. */
  readonly afterFailures: number;
  /** Time between two pages; up to a tenth of it is taken off at random. Default 10,000. */
  readonly intervalMs: number;
  /** Messages per page, 1 to 500. Default 500. */
  readonly pageSize: number;
  /** When the stream is tried again; doubles with each failure up to eightfold, and is jittered. Default 300,000. */
  readonly retryStreamAfterMs: number;
  /** Ends with `gave_up` if so long nothing new came; `Infinity` for never. Default 300,000. */
  readonly giveUpAfterMs: number;
}

/** Gets a one-use ticket for one attempt. Runs in an injection context, so it may `inject(HttpClient)`. */
export type TicketSource = (url: string) => Observable<string> | Promise<string>;

/** Headers by name; or a function, asked for each request in an injection context, so that it may `inject` what knows them. */
export type SseHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/**
 * What one connection's requests are like; needs {@link withFetchTransport}. It is sent again with each attempt, with
 * `Last-Event-ID` if messages came, so a server must take a repeated `POST` for the same stream. Pages are requested with its
 * headers, and not at all where there is a method or a body: such a connection has no fallback.
 */
export interface SseRequest {
  /** Default `GET`, or `POST` where there is a body. */
  readonly method?: string;
  /** Added to those of {@link withFetchTransport}, and preferred to them. */
  readonly headers?: SseHeaders;
  /** Or a function, asked for each attempt in an injection context. A `ReadableStream` can be sent once only: use a function. */
  readonly body?: BodyInit | (() => BodyInit | Promise<BodyInit>);
  /**
   * Takes the orderly end of the answer for the end of the stream, as servers mean it that know no `stream.close`: those of
   * language models, for example. Default `false`: the connection was lost and is made again, as with `EventSource`.
   */
  readonly completesAtEnd?: boolean;
}

/** The transport that reads streams by `fetch`. */
export interface FetchOptions {
  /** Headers of every request, pages included. Default: none but those of the protocol. */
  readonly headers: SseHeaders | undefined;
  /** Most characters of one message; a larger one ends the connection with `oversized`. Default 16,777,216. */
  readonly maxMessageCharacters: number;
}

/** What the features of `provideSse` decide, but for the parts of the library that some of them bring. */
export interface SseOptions {
  readonly reconnect: ReconnectOptions;
  readonly liveness: LivenessOptions;
  readonly polling: PollingOptions;
  /** Whether `auto` may fall back to polling. */
  readonly hasFallback: boolean;
  /** Asked before each attempt, in an injection context. */
  readonly transport: () => SseTransport;
  readonly withCredentials: boolean;
  /** Query parameter for the cursor of an `EventSource` that is made again. Default `lastEventId`. */
  readonly lastEventIdParameter: string;
  /** Query parameters of each request, such as `ngsw-bypass`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Headers of requests that `fetch` makes. */
  readonly headers?: SseHeaders | undefined;
}
