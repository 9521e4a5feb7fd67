import { isCursor, type ControlEvents, type Gap, type GapReason } from '@throughline/sse-protocol';
import type { LivenessOptions } from '../config';
import { SseError } from '../sse-error';
import type { EventSourceConstructor, EventSourceLike, SseClock } from '../tokens';
import { EventSourceReader } from './event-source-reader';
import type { ReceivedMessage } from './received-message';
import { errorOfTicket } from './refusals';
import { Watchdog } from './watchdog';

/** How one attempt ended. */
export type AttemptOutcome =
  /** The server said so. */
  | { readonly kind: 'closed'; readonly reason: string; readonly retryAfterMs: number | undefined }
  /** The connection broke; `isFinal`: the answer was no stream. */
  | { readonly kind: 'lost'; readonly isFinal: boolean }
  | { readonly kind: 'no_first_byte' }
  | { readonly kind: 'silent' }
  /** It never began: no ticket, or no URL. */
  | { readonly kind: 'refused'; readonly error: SseError };

/** What an attempt needs. */
export interface AttemptPorts {
  readonly clock: SseClock;
  readonly liveness: LivenessOptions;
  readonly eventSource: EventSourceConstructor;
  readonly withCredentials: boolean;
  readonly events: ReadonlySet<string>;
}

/** What an attempt tells; nothing after {@link StreamAttempt.abandon}. */
export interface AttemptEvents {
  /** Messages come: the first one did, or, where the first may take forever, the answer's header did. */
  live(): void;
  message(message: ReceivedMessage): void;
  gap(gap: Gap): void;
  /** Last call. */
  ended(outcome: AttemptOutcome): void;
}

/** One connection from its ticket to its end. */
export class StreamAttempt {
  readonly #ports: AttemptPorts;
  readonly #to: AttemptEvents;
  #reader: EventSourceReader | undefined;
  #watchdog: Watchdog | undefined;
  #firstFrameAt: number | undefined;
  #lastFrameAt = 0;
  #isLive = false;
  #isOver = false;

  constructor(ports: AttemptPorts, to: AttemptEvents) {
    this.#ports = ports;
    this.#to = to;
  }

  /** Connects, at once or when the ticket is there. */
  open(url: string | Promise<string>): void {
    if (typeof url === 'string') return this.#open(url);
    url.then(
      (resolved) => this.#open(resolved),
      (cause: unknown) => this.#end({ kind: 'refused', error: errorOfTicket(cause) }),
    );
  }

  /** Whether anything came of the body. Proxies that buffer let the header through. */
  get hadByte(): boolean {
    return this.#firstFrameAt !== undefined;
  }

  /** Milliseconds from the first message to the last, a heartbeat included: for how long it was seen to live. */
  get livedMs(): number {
    return this.#firstFrameAt === undefined ? 0 : this.#lastFrameAt - this.#firstFrameAt;
  }

  /** Decides now whether the connection is dead. */
  check(): void {
    this.#watchdog?.check();
  }

  /** Closes it without telling. */
  abandon(): void {
    this.#isOver = true;
    this.#watchdog?.stop();
    this.#reader?.close();
  }

  #open(url: string): void {
    if (this.#isOver) return;
    const { clock, liveness, events } = this.#ports;
    const source = this.#makeSource(url);
    if (!source) return;
    this.#watchdog = new Watchdog(clock, liveness, (sign) => this.#end({ kind: sign }));
    this.#reader = new EventSourceReader(source, events, {
      opened: () => {
        if (liveness.firstByteTimeoutMs === Infinity) this.#becomeLive();
      },
      message: (message) => {
        this.#touch();
        this.#becomeLive();
        this.#to.message(message);
      },
      control: (event, data) => {
        this.#touch();
        this.#obey(event, data ?? {});
      },
      lost: (isFinal) => this.#end({ kind: 'lost', isFinal }),
    });
  }

  #makeSource(url: string): EventSourceLike | undefined {
    const { eventSource: EventSource, withCredentials } = this.#ports;
    try {
      return new EventSource(url, { withCredentials });
    } catch {
      // A SyntaxError: no URL. Its text quotes the URL, which may hold a ticket.
      this.#end({ kind: 'refused', error: new SseError('bad_request', 'The address of this stream is no URL.') });
      return undefined;
    }
  }

  #touch(): void {
    this.#lastFrameAt = this.#ports.clock.now();
    this.#firstFrameAt ??= this.#lastFrameAt;
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
