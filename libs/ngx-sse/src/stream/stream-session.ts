import { SseError } from '../sse-error';
import { completeAddress } from '../transport/stream-address';
import type { Fallback } from '../transport/fallback';
import type { StreamTransport, TransportRequest } from '../transport/stream-transport';
import { Alarm } from './alarm';
import { Backoff } from './backoff';
import { Inbox } from './inbox';
import { SessionStatus } from './session-status';
import type { StreamOwner, StreamPorts, StreamRequest } from './session-ports';
import { StreamAttempt, type AttemptOutcome } from './stream-attempt';
import { TransportChoice } from './transport-choice';
import { isBlind, isPlanned, troubleOf } from './trouble';

/**
 * Keeps one stream going: connects, waits, asks why a connection was refused, falls back to polling and comes back. At
 * most one of these is under way at any time.
 */
export class StreamSession {
  readonly #ports: StreamPorts;
  readonly #owner: StreamOwner;
  readonly #backoff: Backoff;
  readonly #choice: TransportChoice;
  /** Only where there is polling to fall back to. */
  readonly #fallback: Fallback | undefined;
  readonly #inbox: Inbox;
  readonly #status: SessionStatus;
  readonly #request: TransportRequest;
  /** Rings for the next attempt; while polling, for the next trial of the stream. */
  readonly #nextAttempt: Alarm;
  readonly #stable: Alarm;
  #attempt: StreamAttempt | undefined;
  #isSuspended = false;
  #isOver = false;

  constructor(ports: StreamPorts, request: StreamRequest, owner: StreamOwner) {
    const { config, clock, random } = ports;
    this.#ports = ports;
    this.#owner = owner;
    this.#backoff = new Backoff(config.reconnect, random);
    const choice = new TransportChoice(ports, request);
    this.#choice = choice;
    if (choice.polling) {
      this.#fallback = config.pollingParts?.createFallback({ config, random, isAllowed: () => choice.mayFallBack });
    }
    this.#nextAttempt = new Alarm(clock);
    this.#stable = new Alarm(clock);
    this.#status = new SessionStatus(owner, ports.isOnline, () => {
      const polling = this.#attempt?.polling;
      return { failures: (polling ?? this.#backoff).failures, dueAt: polling ? undefined : this.#nextAttempt.dueAt };
    });
    const inbox = new Inbox(request.events, request.start, owner, (cause) => this.#bridgeFailed(cause));
    this.#inbox = inbox;
    this.#request = {
      events: request.events,
      init: request.init,
      cursor: () => inbox.cursor,
      address: (parameters) => completeAddress(request.url, ports, parameters),
    };
  }

  /** Begins. */
  start(): void {
    this.#connect();
  }

  /** Tries now instead of later; while polling, tries the stream. */
  reconnect(): void {
    if (!this.#isOver && !this.#isSuspended) this.#connect();
  }

  /** The page became visible, or the browser says that it is online: a reason to look, not a proof. */
  networkMayBeBack(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#attempt?.check();
    const soonMs = this.#backoff.soon();
    const polling = this.#attempt?.polling;
    if (polling) polling.hasten(soonMs);
    else this.#nextAttempt.hasten(soonMs);
    this.#status.publish();
  }

  /** The browser says that it is offline: a reason to look, not a proof. */
  networkMayBeLost(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#attempt?.check();
    this.#status.publish();
  }

  /** The page goes into the back/forward cache, or away. */
  suspend(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#isSuspended = true;
    this.#stopAll();
    this.#status.become('reconnecting');
  }

  /** The page is back. */
  resume(): void {
    if (this.#isOver || !this.#isSuspended) return;
    this.#isSuspended = false;
    if (this.#fallback?.isActive) this.#poll();
    else this.#connect();
  }

  /** Ends it without telling; nothing is left running. */
  close(): void {
    this.#isOver = true;
    this.#stopAll();
  }

  #connect(): void {
    this.#stopAll();
    const transport = this.#choice.next();
    if (transport instanceof SseError) return this.#end(transport);
    if (transport.kind === 'polling') return this.#poll();
    if (!this.#choice.mayFallBack) this.#fallback?.leave();
    if (!this.#status.isFirstAttempt && !this.#fallback?.isActive) this.#status.become('reconnecting');
    else this.#status.publish();
    this.#open(transport);
  }

  #open(transport: StreamTransport): void {
    const attempt = this.#createAttempt((outcome) => this.#streamEnded(attempt, outcome, transport));
    attempt.open(transport, this.#request);
  }

  #createAttempt(ended: (outcome: AttemptOutcome) => void, pageTaken?: () => void): StreamAttempt {
    const { clock, config } = this.#ports;
    const attempt = new StreamAttempt(
      { clock, liveness: config.liveness },
      {
        live: () => this.#live(),
        message: (message) => this.#inbox.takeStreamed(message),
        gap: (gap) => this.#inbox.takeGap(gap),
        retry: (delayMs) => this.#backoff.settleBase(delayMs),
        page: (page, done) => {
          if (attempt.polling) this.#status.become('polling', undefined);
          this.#inbox.takePage(page);
          this.#inbox.afterwards(() => {
            done();
            if (this.#attempt === attempt) pageTaken?.();
          });
        },
        troubled: (error) => this.#status.become('polling', error),
        ended: (outcome) => {
          this.#attempt = undefined;
          ended(outcome);
        },
      },
    );
    this.#attempt = attempt;
    return attempt;
  }

  #live(): void {
    this.#fallback?.leave();
    this.#stable.set(this.#ports.config.reconnect.stableAfterMs, () => {
      this.#backoff.reset();
      this.#status.publish();
    });
    this.#status.become('open', undefined);
  }

  #streamEnded(attempt: StreamAttempt, outcome: AttemptOutcome, transport: StreamTransport): void {
    this.#stable.clear();
    if (attempt.livedMs >= this.#ports.config.reconnect.stableAfterMs) this.#fallback?.countSighted();
    // What waits for a snapshot is complete if the server ended the stream; else it will be sent again.
    if (outcome.kind !== 'closed' && outcome.kind !== 'complete') this.#inbox.discard();
    this.#inbox.afterwards(() => this.#follow(outcome, attempt.hadByte, transport));
  }

  /** Does what follows from the end of a stream. */
  #follow(outcome: AttemptOutcome, hadByte: boolean, { inquiry }: StreamTransport): void {
    const isTrial = this.#fallback?.isActive;
    const retryAfterMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
    if (isPlanned(outcome)) {
      // While polling, no close is a reason to leave it: a page takes no connection slot.
      if (isTrial) return this.#poll();
      this.#fallback?.countSighted();
      return this.#wait(this.#backoff.plannedClose(retryAfterMs));
    }
    const error = troubleOf(outcome);
    if (!error?.isPassing) return this.#end(error);
    // While polling, the next page tells why.
    if (outcome.kind !== 'unexplained' || !inquiry || isTrial) {
      return this.#fail(error, isBlind(outcome, hadByte), retryAfterMs);
    }
    this.#status.become('reconnecting');
    this.#open(inquiry);
  }

  #fail(error: SseError, wasBlind: boolean, retryAfterMs?: number): void {
    const fallback = this.#fallback;
    if (fallback?.isActive) return this.#poll();
    if (!wasBlind) fallback?.countSighted();
    // Without a network, nothing is learned about whether streams get through.
    else if (this.#ports.isOnline()) fallback?.countBlind();
    if (retryAfterMs !== undefined) this.#backoff.moveBase(retryAfterMs);
    const delayMs = this.#backoff.fail();
    if (fallback?.isDue) this.#poll(error);
    else this.#wait(delayMs, error);
  }

  #wait(delayMs: number, ...error: [] | [SseError]): void {
    this.#nextAttempt.set(delayMs, () => this.#connect());
    this.#status.become('reconnecting', ...error);
  }

  #poll(...error: [] | [SseError]): void {
    this.#stopAll();
    const { polling, isPollingWanted } = this.#choice;
    const fallback = this.#fallback;
    if (!polling || !fallback) return this.#connect();
    fallback.isActive = true;
    if (!isPollingWanted && !(this.#choice.stream instanceof SseError)) {
      this.#nextAttempt.set(fallback.nextTrialDelayMs(), () => this.#connect());
    }
    const attempt = this.#createAttempt(
      (outcome) => this.#end(outcome.kind === 'refused' ? outcome.error : undefined),
      () => {
        // Polling was chosen, and no longer is.
        if (!isPollingWanted || this.#choice.isPollingWanted) return;
        fallback.leave();
        this.#connect();
      },
    );
    attempt.open(polling, this.#request);
    if (this.#attempt !== attempt) return;
    // As with a stream, the first attempt is one until something came.
    if (this.#status.isFirstAttempt) this.#status.publish();
    else this.#status.become('polling', ...error);
  }

  #bridgeFailed(cause: unknown): void {
    const error = cause instanceof SseError ? cause : new SseError('snapshot_failed', false, { cause });
    const polling = this.#attempt?.polling;
    if (polling) return polling.retry(error);
    this.#attempt?.abandon();
    this.#attempt = undefined;
    this.#stable.clear();
    this.#fail(error, false);
  }

  #end(error: SseError | undefined): void {
    if (this.#isOver) return;
    this.close();
    this.#owner.ended(error);
  }

  #stopAll(): void {
    this.#nextAttempt.clear();
    this.#stable.clear();
    this.#attempt?.abandon();
    this.#attempt = undefined;
    this.#inbox.beginConnection();
  }
}
