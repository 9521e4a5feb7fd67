import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock, type SseClock } from './clock.js';
import type { ConnectionLeases } from './cluster/connection-leases.js';
import type { SseMetrics } from './sse-metrics.js';
import type { SseTracer } from './tracing/sse-tracer.js';
import type { MessageValidation } from './validation/message-validator.js';

/** Whose connection it is, for limits, for {@link SseConnections} and for closing it. */
export interface SseIdentity {
  /** Who is signed in; absent for a guest, to whom only the limit per address applies. */
  user?: string;
  /** The sign-in, so that a sign-out closes its streams and no others. */
  session?: string;
  /** Where the request came from, as the proxies are trusted to tell. */
  address: string;
}

/**
 * What the library reads of a request: the HTTP adapter's own, which is Node's on Express and a Request that wraps Node's
 * on Fastify. It is the one that the app's guards saw, with what they put there, such as `user`.
 */
export interface SseRequest {
  readonly method?: string;
  readonly headers: IncomingHttpHeaders;
  readonly url?: string;
  /** The path before routers cut it. */
  readonly originalUrl?: string;
  /** On HTTP/2, Node's view of the stream as a socket. */
  readonly socket: Socket;
  /** The client's address as the adapter's trust in proxies gives it. */
  readonly ip?: string;
}

/** Options of {@link SseModule}; each has a default. */
export interface SseOptions {
  /** A `stream.heartbeat` is sent after so much silence. Default 15 000: below the idle timeouts of common proxies. */
  heartbeatIntervalMs?: number;
  /**
   * A stream is closed after so long, ± 20 %, and the client comes back: so that rights are checked again and load
   * spreads over new nodes. Default 300 000.
   */
  maxLifetimeMs?: number;
  /** The reconnection time told to EventSource at the start, ± 50 %. Default 1000. */
  retryMs?: number;
  /** When a client that was closed by a shutdown may come back, ± 50 %. Default 2000. */
  drainRetryAfterMs?: number;
  /** When a client that met a limit may try again, ± 50 %. Default 5000. */
  limitRetryAfterMs?: number;
  /** Open streams per user. Default 6: what a browser opens to one origin over HTTP/1.1. */
  connectionsPerUser?: number;
  /** Open streams per address, where many users may sit behind one. Default 64. */
  connectionsPerAddress?: number;
  /** Open streams of this process. Default 20 000. */
  connectionsTotal?: number;
  /**
   * Makes `connectionsPerUser` and `connectionsPerAddress` hold in all processes that share it, such as
   * `PostgresConnectionLeases`. Default: each process counts its own.
   */
  leases?: ConnectionLeases;
  /** Open streams of all processes that share `leases`. Default: no bound but each process's own. */
  connectionsInCluster?: number;
  /**
   * What happens at `connectionsPerUser`: the new stream is refused, or the user's oldest is closed (`superseded`).
   * Default `reject`.
   */
  onLimit?: 'reject' | 'close-oldest';
  /** A connection whose client has taken nothing for so long is cut. Default 30 000. */
  stallTimeoutMs?: number;
  /** Bytes that may wait for the client of an Observable (a log never queues), then `stream.close {slow}`. Default 1 MiB. */
  maxQueuedBytes?: number;
  /**
   * Longest wait for further messages that leave in the same write; the first after silence never waits. Default 2; 0 to
   * 5, since more is felt. Each connection and message then costs a burst little.
   */
  joinWindowMs?: number;
  /**
   * Encoded frames that are kept per log with open streams, for clients that fall behind or come back: they then cost the
   * log nothing. Default 4 MiB: sockets take about one at a time, so clients that catch up together stay this close.
   */
  frameWindowBytes?: number;
  /** The same for all logs together; what was not used for the longest goes first. Default 64 MiB. */
  frameWindowsTotalBytes?: number;
  /** How long a shutdown waits for streams to end before it cuts them. Default 500. */
  drainTimeoutMs?: number;
  /** Messages that each channel of {@link SseChannels} keeps. Default 1000. */
  channelMaxMessages?: number;
  /**
   * Bytes that each channel keeps, its messages counted as JSON (see {@link MemoryEventLogOptions.maxBytes}); `Infinity`
   * for no bound, and then they are not counted. Default 1 MiB: so many messages of 1 KiB as it keeps.
   */
  channelMaxBytes?: number;
  /** How long a channel keeps a message. Default `Infinity`. */
  channelMaxAgeMs?: number;
  /**
   * A channel that nobody publishes to, reads or listens to for so long is dropped, within a quarter of that time more;
   * who resumes later gets an `epoch` gap. `Infinity`: never. Default 3 600 000, an hour.
   */
  channelIdleMs?: number;
  /**
   * Channels of this process. For one more, the one that is unused for the longest is dropped, and where all are listened
   * to, {@link ChannelLimitError} is thrown. Default 10 000.
   */
  channelsTotal?: number;
  /** Says whose request it is; called after the app's own guards. Default: the address alone. */
  identify?: (request: SseRequest) => SseIdentity;
  /** Default: the machine's. */
  clock?: SseClock;
  /** 0 (inclusive) to 1 (exclusive), for jitter. Default: `Math.random`. */
  random?: () => number;
  /** Is told what the streams do. */
  metrics?: SseMetrics;
  /** Is told of each connection in the context of its request, for traces. Default: nobody. */
  tracer?: SseTracer;
  /**
   * What becomes of a message that breaks the `events` of its route or channel. `warn`: an error in the log, and it is
   * sent. `error`: `publish` rejects with {@link InvalidMessageError} and an Observable's stream fails; what is in a log
   * is sent and logged in either case, since a client can neither get past it nor skip it. `off`: nothing is checked, at
   * no cost. Default: `off` where `NODE_ENV` is `production`, else `warn`.
   */
  validateMessages?: MessageValidation;
}

/** Options with every default filled in. */
export type SseSettings = Required<Omit<SseOptions, 'tracer' | 'leases'>> & Pick<SseOptions, 'tracer' | 'leases'>;

/** An option of {@link SseModule} that makes no sense. */
export class SseOptionsError extends Error {
  override readonly name = 'SseOptionsError';
  readonly code = 'invalid_sse_option';
}

const MAX_JOIN_WINDOW_MS = 5;

/** What need not be bounded. */
const MAY_BE_INFINITE = new Set(['channelMaxBytes', 'channelMaxAgeMs', 'channelIdleMs']);

const DEFAULTS: SseSettings = {
  heartbeatIntervalMs: 15_000,
  maxLifetimeMs: 300_000,
  retryMs: 1000,
  drainRetryAfterMs: 2000,
  limitRetryAfterMs: 5000,
  connectionsPerUser: 6,
  connectionsPerAddress: 64,
  connectionsTotal: 20_000,
  connectionsInCluster: Number.MAX_SAFE_INTEGER,
  onLimit: 'reject',
  stallTimeoutMs: 30_000,
  maxQueuedBytes: 1024 * 1024,
  joinWindowMs: 2,
  frameWindowBytes: 4 * 1024 * 1024,
  frameWindowsTotalBytes: 64 * 1024 * 1024,
  drainTimeoutMs: 500,
  channelMaxMessages: 1000,
  channelMaxBytes: 1024 * 1024,
  channelMaxAgeMs: Infinity,
  channelIdleMs: 3_600_000,
  channelsTotal: 10_000,
  identify: (request) => ({ address: request.ip ?? request.socket.remoteAddress ?? '' }),
  clock: systemClock,
  random: Math.random,
  metrics: {},
  validateMessages: 'warn',
};

/** Fills in the defaults. Throws {@link SseOptionsError} with one clear sentence for what makes no sense. */
export function settle(options: SseOptions = {}): SseSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const validateMessages = process.env['NODE_ENV'] === 'production' ? 'off' : DEFAULTS.validateMessages;
  const settings: SseSettings = { ...DEFAULTS, validateMessages, ...given };
  for (const [name, value] of Object.entries(settings)) {
    if (value === Infinity && MAY_BE_INFINITE.has(name)) continue;
    const least = name === 'joinWindowMs' ? 0 : 1;
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= least)) {
      throw new SseOptionsError(`The SseModule option ${name} is a whole number from ${least}, not ${value}.`);
    }
  }
  if (settings.joinWindowMs > MAX_JOIN_WINDOW_MS) {
    const bound = `at most ${MAX_JOIN_WINDOW_MS}, or people feel it`;
    throw new SseOptionsError(`The SseModule option joinWindowMs is ${bound}, not ${settings.joinWindowMs}.`);
  }
  if (settings.onLimit !== 'reject' && settings.onLimit !== 'close-oldest') {
    throw new SseOptionsError(`The SseModule option onLimit is 'reject' or 'close-oldest', not ${settings.onLimit}.`);
  }
  if (!['off', 'warn', 'error'].includes(settings.validateMessages)) {
    const wrong = JSON.stringify(settings.validateMessages);
    throw new SseOptionsError(`The SseModule option validateMessages is 'off', 'warn' or 'error', not ${wrong}.`);
  }
  return settings;
}
