import type { Cursor, EventPage } from '@throughline/sse-protocol';
import type { PollingOptions } from '../config';
import { SseError } from '../sse-error';
import { Alarm } from '../stream/alarm';
import type { Backoff } from '../stream/backoff';
import type { StreamPorts } from '../stream/session-ports';
import { isLastPage, requestPage, type PageOutcome } from './page-request';
import { callersHeaders } from './request-headers';
import type {
  PollingControls,
  TransportConnection,
  TransportEnd,
  TransportEvents,
  TransportRequest,
} from './stream-transport';

const INTERVAL_JITTER = 0.1;

/** Asks for page after page: at once while there is more, else at an interval, after errors with backoff. */
export class Poller implements TransportConnection, PollingControls {
  readonly #ports: StreamPorts;
  readonly #backoff: Backoff;
  readonly #request: TransportRequest;
  readonly #to: TransportEvents;
  readonly #next: Alarm;
  #stopAsking: (() => void) | undefined;
  #isStopped = false;
  #askedAt: number;
  #quietMs = 0;

  constructor(ports: StreamPorts, backoff: Backoff, request: TransportRequest, to: TransportEvents) {
    this.#ports = ports;
    this.#backoff = backoff;
    this.#request = request;
    this.#to = to;
    this.#next = new Alarm(ports.clock);
    this.#askedAt = ports.clock.now();
    this.#ask();
  }

  get polling(): PollingControls {
    return this;
  }

  get failures(): number {
    return this.#backoff.failures;
  }

  /** Asks after `delayMs` at the latest. */
  hasten(delayMs: number): void {
    this.#next.hasten(delayMs);
  }

  /** What the last page brought could not be used: ask again later. */
  retry(error: SseError): void {
    if (this.#isStopped) return;
    this.#wait(this.#backoff.fail());
    this.#to.troubled(error);
  }

  close(): void {
    this.#isStopped = true;
    this.#stopAsking?.();
    this.#next.clear();
  }

  get #options(): PollingOptions {
    return this.#ports.config.polling;
  }

  #ask(): void {
    if (this.#isStopped) return;
    const { clock } = this.#ports;
    // A laptop that slept has not been polling: a pause counts as two intervals at most.
    this.#quietMs += Math.min(clock.now() - this.#askedAt, 2 * this.#options.intervalMs);
    this.#askedAt = clock.now();
    const headers = callersHeaders(this.#ports, this.#request);
    this.#stopAsking = requestPage(this.#request, headers, this.#ports, (outcome) => this.#take(outcome));
  }

  #take(outcome: PageOutcome): void {
    if (outcome.kind === 'complete') return this.#end(outcome);
    if (outcome.kind === 'refused') {
      if (!outcome.error.isPassing) return this.#end(outcome);
      if (this.#isTooQuiet()) return this.#giveUp();
      if (outcome.retryAfterMs !== undefined) this.#backoff.moveBase(outcome.retryAfterMs);
      return this.retry(outcome.error);
    }
    const { page } = outcome;
    const before = this.#request.cursor();
    this.#backoff.reset();
    this.#to.page(page, () => this.#goOn(page, before));
  }

  #goOn(page: EventPage, before: Cursor): void {
    if (this.#isStopped) return;
    if (isLastPage(page)) return this.#end({ kind: 'complete' });
    const hasMoved = this.#request.cursor() !== before;
    if (hasMoved) this.#quietMs = 0;
    else if (this.#isTooQuiet()) return this.#giveUp();
    // A server that promises more and gives nothing is not asked at full speed.
    if (page.more && hasMoved) return this.#ask();
    this.#wait(this.#options.intervalMs * (1 - INTERVAL_JITTER * this.#ports.random()));
  }

  #isTooQuiet(): boolean {
    return this.#quietMs >= this.#options.giveUpAfterMs;
  }

  #wait(delayMs: number): void {
    this.#next.set(delayMs, () => this.#ask());
  }

  #giveUp(): void {
    this.#end({ kind: 'refused', error: new SseError('gave_up') });
  }

  #end(end: TransportEnd): void {
    this.close();
    this.#to.ended(end);
  }
}
