import { isCursor, type ControlEvents, type EventPage, type Gap, type GapReason } from '@throughline/sse-protocol';
import type { LivenessOptions } from '../config';
import type { SseError } from '../sse-error';
import type { SseClock } from '../tokens';
import type {
  PollingControls,
  StreamTransport,
  TransportConnection,
  TransportEnd,
  TransportEvents,
  TransportRequest,
} from '../transport/stream-transport';
import type { ReceivedMessage } from './received-message';
import { Watchdog } from './watchdog';

/** How one attempt ended. */
export type AttemptOutcome =
  | TransportEnd
  /** The server said so. */
  | { readonly kind: 'closed'; readonly reason: string; readonly retryAfterMs: number | undefined }
  /** Nobody did, and it is dead all the same. */
  | { readonly kind: 'no_first_byte' }
  | { readonly kind: 'silent' };

/** What an attempt needs. */
export interface AttemptPorts {
  readonly clock: SseClock;
  readonly liveness: LivenessOptions;
}

/** What an attempt tells; nothing after {@link StreamAttempt.abandon}. */
export interface AttemptEvents {
  /** Messages come: the first one did, or, where the first may take forever, the answer's header did. */
  live(): void;
  message(message: ReceivedMessage): void;
  gap(gap: Gap): void;
  page(page: EventPage, done: () => void): void;
  retry(delayMs: number): void;
  /** A request failed; the transport goes on by itself. */
  troubled(error: SseError): void;
  /** Last call. */
  ended(outcome: AttemptOutcome): void;
}

/** One use of a transport, from its ticket to its end. */
export class StreamAttempt {
  readonly #ports: AttemptPorts;
  readonly #to: AttemptEvents;
  #connection: TransportConnection | undefined;
  #watchdog: Watchdog | undefined;
  #firstByteAt: number | undefined;
  #lastByteAt = 0;
  #isLive = false;
  #isOver = false;

  constructor(ports: AttemptPorts, to: AttemptEvents) {
    this.#ports = ports;
    this.#to = to;
  }

  /** Begins. What polls watches over its requests itself; a stream is watched from here. */
  open(transport: StreamTransport, request: TransportRequest): void {
    if (transport.kind === 'stream') {
      this.#watchdog = new Watchdog(this.#ports.clock, this.#ports.liveness, (kind) => this.#end({ kind }));
    }
    this.#hold(transport.open(request, this.#events));
  }

  /** Begins with the question why an attempt was turned away. */
  explain(explain: NonNullable<StreamTransport['explain']>, request: TransportRequest): void {
    this.#hold(explain(request, this.#events));
  }

  /** Where the transport polls. */
  get polling(): PollingControls | undefined {
    return this.#connection?.polling;
  }

  /** Whether anything came of the body. Proxies that buffer let the header through. */
  get hadByte(): boolean {
    return this.#firstByteAt !== undefined;
  }

  /** Milliseconds from the first bytes to the last, heartbeats included: for how long it was seen to live. */
  get livedMs(): number {
    return this.#firstByteAt === undefined ? 0 : this.#lastByteAt - this.#firstByteAt;
  }

  /** Decides now whether the connection is dead. */
  check(): void {
    this.#watchdog?.check();
  }

  /** Closes it without telling. */
  abandon(): void {
    this.#isOver = true;
    this.#watchdog?.stop();
    this.#connection?.close();
  }

  readonly #events: TransportEvents = {
    accepted: () => {
      if (this.#ports.liveness.firstByteTimeoutMs === Infinity) this.#becomeLive();
    },
    alive: () => this.#touch(),
    comment: () => this.#becomeLive(),
    message: (message) => {
      this.#becomeLive();
      if (!this.#isOver) this.#to.message(message);
    },
    control: (event, data) => this.#obey(event, data ?? {}),
    retry: (delayMs) => this.#to.retry(delayMs),
    page: (page, done) => this.#to.page(page, done),
    troubled: (error) => this.#to.troubled(error),
    ended: (end) => this.#end(end),
  };

  /** The transport may have ended before it was in hand. */
  #hold(connection: TransportConnection): void {
    this.#connection = connection;
    if (this.#isOver) connection.close();
  }

  #touch(): void {
    this.#lastByteAt = this.#ports.clock.now();
    this.#firstByteAt ??= this.#lastByteAt;
    this.#watchdog?.touch();
  }

  #becomeLive(): void {
    if (this.#isLive) return;
    this.#isLive = true;
    this.#to.live();
  }

  #obey(event: keyof ControlEvents, data: Readonly<Record<string, unknown>>): void {
    if (event === 'stream.close') {
      const { reason, retryAfterMs } = data;
      return this.#end({
        kind: 'closed',
        reason: typeof reason === 'string' ? reason : '',
        retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined,
      });
    }
    this.#becomeLive();
    if (this.#isOver) return;
    if (event === 'stream.open' && typeof data['heartbeatIntervalMs'] === 'number') {
      this.#watchdog?.announce(data['heartbeatIntervalMs']);
    }
    const gap = event === 'stream.gap' ? readGap(data) : undefined;
    if (gap) this.#to.gap(gap);
  }

  #end(outcome: AttemptOutcome): void {
    if (this.#isOver) return;
    this.abandon();
    this.#to.ended(outcome);
  }
}

function readGap(data: Readonly<Record<string, unknown>>): Gap | undefined {
  const { reason, from, to, snapshot } = data;
  if (typeof reason !== 'string' || typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (typeof snapshot !== 'string' || !(to === '' || isCursor(to))) return undefined;
  return { reason: reason as GapReason, from, to, snapshot };
}
