import { isCursor, type ControlEvents, type Gap, type GapReason } from '@throughline/sse-protocol';
import type { LivenessOptions } from '../config';
import type { SseClock } from '../tokens';
import type {
  PollingControls,
  StreamTransport,
  TransportConnection,
  TransportEnd,
  TransportEvents,
  TransportRequest,
} from '../transport/stream-transport';
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
export interface AttemptEvents extends Pick<TransportEvents, 'message' | 'page' | 'retry' | 'troubled'> {
  /** Messages come: the first one did, or, where the first may take forever, the answer's header did. */
  live(): void;
  gap(gap: Gap): void;
  /** Last call. */
  ended(outcome: AttemptOutcome): void;
}

/** One use of a transport, from its ticket to its end. */
export class StreamAttempt {
  readonly #ports: AttemptPorts;
  readonly #to: AttemptEvents;
  readonly #events: TransportEvents;
  #connection: TransportConnection | undefined;
  #watchdog: Watchdog | undefined;
  #firstByteAt: number | undefined;
  #lastByteAt = 0;
  #isLive = false;
  #isOver = false;

  constructor(ports: AttemptPorts, to: AttemptEvents) {
    this.#ports = ports;
    this.#to = to;
    this.#events = {
      ...to,
      accepted: () => {
        if (ports.liveness.firstByteTimeoutMs === Infinity) this.#becomeLive();
      },
      alive: () => this.#touch(),
      comment: () => this.#becomeLive(),
      message: (message) => {
        this.#becomeLive();
        if (!this.#isOver) to.message(message);
      },
      control: (event, data) => this.#obey(event, data ?? {}),
      ended: (end) => this.#end(end),
    };
  }

  /** Begins. A stream is watched from here; what asks for pages watches over its requests itself. */
  open(transport: StreamTransport, request: TransportRequest): void {
    if (transport.kind === 'stream') {
      this.#watchdog = new Watchdog(this.#ports.clock, this.#ports.liveness, (kind) => this.#end({ kind }));
    }
    this.#connection = transport.open(request, this.#events);
    // It may have ended before it was in hand.
    if (this.#isOver) this.#connection.close();
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
