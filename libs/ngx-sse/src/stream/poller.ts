import { isTerminal, type Cursor, type EventPage, type RunStatus } from '@throughline/sse-protocol';
import type { PollingOptions } from '../config';
import { SseError } from '../sse-error';
import { Alarm } from './alarm';
import type { Backoff } from './backoff';
import { PageRequest, type PageOutcome, type PagePorts } from './page-request';

/** What a {@link Poller} needs. */
export interface PollerPorts extends PagePorts {
  readonly options: PollingOptions;
  readonly backoff: Backoff;
  readonly random: () => number;
  /** URL of the next page. */
  readonly nextUrl: () => string | Promise<string>;
  readonly cursor: () => Cursor;
}

/** What a {@link Poller} tells; nothing after {@link Poller.stop}. */
export interface PollerEvents {
  /** Takes a page, and calls `done` when its messages are through. */
  page(page: EventPage, done: () => void): void;
  /** A request failed; another one follows. */
  troubled(error: SseError): void;
  /** The stream has ended (no error), or asking again makes no sense. Last call. */
  ended(error: SseError | undefined): void;
}

const INTERVAL_JITTER = 0.1;

/** Whether nothing will ever come after a page. */
export function isLastPage(page: EventPage): boolean {
  return !page.more && page.status !== undefined && isTerminal(page.status as RunStatus);
}

/** Asks for page after page: at once while there is more, else at an interval, after errors with backoff. */
export class Poller {
  readonly #ports: PollerPorts;
  readonly #to: PollerEvents;
  #request: PageRequest | undefined;
  readonly #next: Alarm;
  #isStopped = false;
  #askedAt: number;
  #quietMs = 0;

  constructor(ports: PollerPorts, to: PollerEvents) {
    this.#ports = ports;
    this.#to = to;
    this.#next = new Alarm(ports.clock);
    this.#askedAt = ports.clock.now();
  }

  /** Asks for the first page. */
  start(): void {
    this.#ask();
  }

  /** Asks after `delayMs` at the latest. */
  hasten(delayMs: number): void {
    this.#next.hasten(delayMs);
  }

  /** What the last page brought could not be used: ask again later. */
  retry(error: SseError): void {
    if (this.#isStopped) return;
    this.#wait(this.#ports.backoff.fail());
    this.#to.troubled(error);
  }

  stop(): void {
    this.#isStopped = true;
    this.#request?.abort();
    this.#next.clear();
  }

  #ask(): void {
    if (this.#isStopped) return;
    const { clock, options } = this.#ports;
    // A laptop that slept has not been polling: a pause counts as two intervals at most.
    this.#quietMs += Math.min(clock.now() - this.#askedAt, 2 * options.intervalMs);
    this.#askedAt = clock.now();
    this.#request = new PageRequest(this.#ports.nextUrl(), this.#ports, (outcome) => this.#take(outcome));
  }

  #take(outcome: PageOutcome): void {
    if (outcome.kind === 'ended') return this.#end(undefined);
    if (outcome.kind === 'refused') return this.#end(outcome.error);
    if (outcome.kind === 'again') {
      if (this.#isTooQuiet()) return this.#end(gaveUp(this.#ports.options.giveUpAfterMs));
      if (outcome.retryAfterMs !== undefined) this.#ports.backoff.moveBase(outcome.retryAfterMs);
      return this.retry(outcome.error);
    }
    const { page } = outcome;
    const before = this.#ports.cursor();
    this.#ports.backoff.reset();
    this.#to.page(page, () => this.#goOn(page, before));
  }

  #goOn(page: EventPage, before: Cursor): void {
    if (this.#isStopped) return;
    if (isLastPage(page)) return this.#end(undefined);
    const hasMoved = this.#ports.cursor() !== before;
    if (hasMoved) this.#quietMs = 0;
    else if (this.#isTooQuiet()) return this.#end(gaveUp(this.#ports.options.giveUpAfterMs));
    // A server that promises more and gives nothing is not asked at full speed.
    if (page.more && hasMoved) return this.#ask();
    this.#wait(this.#ports.options.intervalMs * (1 - INTERVAL_JITTER * this.#ports.random()));
  }

  #isTooQuiet(): boolean {
    return this.#quietMs >= this.#ports.options.giveUpAfterMs;
  }

  #wait(delayMs: number): void {
    this.#next.set(delayMs, () => this.#ask());
  }

  #end(error: SseError | undefined): void {
    this.stop();
    this.#to.ended(error);
  }
}

function gaveUp(afterMs: number): SseError {
  const minutes = Math.round(afterMs / 60_000);
  return new SseError('gave_up', `Nothing new came for ${minutes} minutes, so asking has stopped. It can be resumed.`);
}
