import type { SseState } from '../sse-connection';
import { SseError } from '../sse-error';
import { Alarm } from './alarm';
import { Backoff } from './backoff';
import { Fallback } from './fallback';
import { Inbox } from './inbox';
import { PageRequest, type PagePorts } from './page-request';
import { isLastPage, Poller } from './poller';
import { errorOfClose, errorOfLoss } from './refusals';
import type { StreamOwner, StreamPorts, StreamRequest } from './session-ports';
import { StreamAddress } from './stream-address';
import { StreamAttempt, type AttemptOutcome } from './stream-attempt';

/** Whether anything came through before a failure; see {@link Fallback}. */
type Sight = 'blind' | 'sighted';

/**
 * Keeps one stream going: connects, waits, asks why a connection was refused, falls back to polling and comes back. At
 * most one of these is under way at any time.
 */
export class StreamSession {
  readonly #ports: StreamPorts;
  readonly #request: StreamRequest;
  readonly #owner: StreamOwner;
  readonly #backoff: Backoff;
  readonly #pollingBackoff: Backoff;
  readonly #fallback: Fallback;
  readonly #inbox: Inbox;
  readonly #address: StreamAddress;
  readonly #pagePorts: PagePorts;
  /** Rings for the next attempt; while polling, for the next trial of the stream. */
  readonly #nextAttempt: Alarm;
  readonly #stable: Alarm;

  #attempt: StreamAttempt | undefined;
  #explanation: PageRequest | undefined;
  #poller: Poller | undefined;
  #state: SseState = 'connecting';
  #error: SseError | undefined;
  #isSuspended = false;
  #isOver = false;

  constructor(ports: StreamPorts, request: StreamRequest, owner: StreamOwner) {
    const { config, clock, random } = ports;
    this.#ports = ports;
    this.#request = request;
    this.#owner = owner;
    this.#backoff = new Backoff(config.reconnect, random);
    this.#pollingBackoff = new Backoff(config.reconnect, random);
    this.#fallback = new Fallback(config, random);
    this.#address = new StreamAddress(request.url, config, ports.fetchTicket);
    this.#pagePorts = { clock, fetch: ports.fetch, withCredentials: config.withCredentials };
    this.#nextAttempt = new Alarm(clock);
    this.#stable = new Alarm(clock);
    this.#inbox = new Inbox(request.events, request.start, {
      deliver: (message) => owner.deliver(message),
      bridge: (gap) => owner.bridge(gap),
      bridged: (gap) => owner.bridged(gap),
      bridgeFailed: (cause) => this.#bridgeFailed(cause),
    });
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
    if (this.#poller) this.#poller.hasten(soonMs);
    else this.#nextAttempt.hasten(soonMs);
    this.#publish();
  }

  /** The browser says that it is offline: a reason to look, not a proof. */
  networkMayBeLost(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#attempt?.check();
    this.#publish();
  }

  /** The page goes into the back/forward cache, or away. */
  suspend(): void {
    if (this.#isOver || this.#isSuspended) return;
    this.#isSuspended = true;
    this.#stopAll();
    this.#become('reconnecting');
  }

  /** The page is back. */
  resume(): void {
    if (this.#isOver || !this.#isSuspended) return;
    this.#isSuspended = false;
    if (this.#fallback.isActive) this.#poll();
    else this.#connect();
  }

  /** Ends it without telling; nothing is left running. */
  close(): void {
    this.#isOver = true;
    this.#stopAll();
  }

  #connect(): void {
    this.#stopAll();
    const { config, clock, eventSource } = this.#ports;
    const transport = config.transport();
    if (transport === 'polling' || (!eventSource && transport === 'auto' && config.hasFallback)) return this.#poll();
    if (!eventSource) return this.#end(new SseError('unsupported', 'This browser has no event streams.'));
    if (transport === 'sse') this.#fallback.leave();
    if (this.#state !== 'connecting' && !this.#fallback.isActive) this.#become('reconnecting');
    else this.#publish();
    const { liveness, withCredentials } = config;
    const { events } = this.#request;
    const attempt = new StreamAttempt(
      { clock, liveness, eventSource, withCredentials, events },
      {
        live: () => this.#live(),
        message: (message) => this.#inbox.takeStreamed(message),
        gap: (gap) => this.#inbox.takeGap(gap),
        ended: (outcome) => this.#attemptEnded(attempt, outcome),
      },
    );
    this.#attempt = attempt;
    attempt.open(this.#address.forStream(this.#inbox.cursor));
  }

  #live(): void {
    this.#fallback.leave();
    this.#stable.set(this.#ports.config.reconnect.stableAfterMs, () => {
      this.#backoff.reset();
      this.#publish();
    });
    this.#become('open', undefined);
  }

  #attemptEnded(attempt: StreamAttempt, outcome: AttemptOutcome): void {
    this.#attempt = undefined;
    this.#stable.clear();
    if (attempt.livedMs >= this.#ports.config.reconnect.stableAfterMs) this.#fallback.countSighted();
    // What waits for a snapshot is complete if the server closed; else it will be sent again.
    if (outcome.kind === 'closed') return this.#inbox.afterwards(() => this.#closedByServer(outcome));
    this.#inbox.discard();
    if (outcome.kind === 'refused') {
      return outcome.error.isPassing ? this.#fail(outcome.error, 'sighted') : this.#end(outcome.error);
    }
    if (outcome.kind === 'lost' && outcome.isFinal && !this.#fallback.isActive) return this.#explain();
    const isBlind = outcome.kind !== 'lost' || !attempt.hadByte;
    this.#fail(errorOfLoss(outcome.kind), isBlind ? 'blind' : 'sighted');
  }

  #closedByServer({ reason, retryAfterMs }: AttemptOutcome & { kind: 'closed' }): void {
    if (reason === 'complete') return this.#end(undefined);
    if (reason === 'superseded') return this.#end(errorOfClose(reason));
    const isPlanned = reason === 'lifetime' || reason === 'drain';
    // While polling, a refusal is no reason to leave it: a page takes no connection slot.
    if (!isPlanned || this.#fallback.isActive) return this.#fail(errorOfClose(reason), 'sighted', retryAfterMs);
    this.#fallback.countSighted();
    this.#wait(this.#backoff.plannedClose(retryAfterMs));
  }

  /** EventSource hides the status of an answer that is no stream, so one request of the JSON page asks for it. */
  #explain(): void {
    this.#become('reconnecting');
    const url = this.#address.forPage(this.#inbox.cursor);
    const request = new PageRequest(url, this.#pagePorts, (outcome) => {
      if (outcome.kind === 'ended') return this.#end(undefined);
      if (outcome.kind === 'refused') return this.#end(outcome.error);
      if (outcome.kind === 'again') return this.#fail(outcome.error, 'blind', outcome.retryAfterMs);
      this.#inbox.takePage(outcome.page);
      this.#inbox.afterwards(() => {
        if (this.#explanation !== request) return; // a subscriber has closed or reconnected
        if (isLastPage(outcome.page)) this.#end(undefined);
        else this.#fail(errorOfLoss('lost'), 'blind');
      });
    });
    this.#explanation = request;
  }

  #fail(error: SseError, sight: Sight, retryAfterMs?: number): void {
    this.#explanation = undefined;
    if (this.#fallback.isActive) return this.#poll();
    if (sight === 'sighted') this.#fallback.countSighted();
    // Without a network, nothing is learned about whether streams get through.
    else if (this.#ports.isOnline()) this.#fallback.countBlind();
    if (retryAfterMs !== undefined) this.#backoff.moveBase(retryAfterMs);
    const delayMs = this.#backoff.fail();
    this.#error = error;
    if (this.#fallback.isDue) this.#poll();
    else this.#wait(delayMs);
  }

  #wait(delayMs: number): void {
    this.#nextAttempt.set(delayMs, () => this.#connect());
    this.#become('reconnecting');
  }

  #poll(): void {
    this.#stopAll();
    const { config, clock, eventSource, random } = this.#ports;
    const isChosen = config.transport() === 'polling';
    this.#fallback.isActive = true;
    if (!isChosen && eventSource) this.#nextAttempt.set(this.#fallback.nextTrialDelayMs(), () => this.#connect());
    const poller = new Poller(
      {
        ...this.#pagePorts,
        clock,
        random,
        options: config.polling,
        backoff: this.#pollingBackoff,
        nextUrl: () => this.#address.forPage(this.#inbox.cursor),
        cursor: () => this.#inbox.cursor,
      },
      {
        page: (page, done) => {
          this.#become('polling', undefined);
          this.#inbox.takePage(page);
          this.#inbox.afterwards(() => {
            done();
            const isStillChosen = config.transport() === 'polling';
            if (isChosen && !isStillChosen && this.#poller === poller) this.#leavePolling();
          });
        },
        troubled: (error) => this.#become('polling', error),
        ended: (error) => this.#end(error),
      },
    );
    this.#poller = poller;
    this.#become('polling');
    poller.start();
  }

  /** Polling was chosen, and no longer is. */
  #leavePolling(): void {
    this.#fallback.leave();
    this.#connect();
  }

  #bridgeFailed(cause: unknown): void {
    const error =
      cause instanceof SseError ? cause : new SseError('snapshot_failed', 'The snapshot could not be read.', { cause });
    if (this.#poller) return this.#poller.retry(error);
    this.#attempt?.abandon();
    this.#attempt = undefined;
    this.#stable.clear();
    this.#fail(error, 'sighted');
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
    this.#explanation?.abort();
    this.#poller?.stop();
    this.#attempt = this.#explanation = this.#poller = undefined;
    this.#inbox.beginConnection();
  }

  #become(state: SseState, ...error: [] | [SseError | undefined]): void {
    this.#state = state;
    if (error.length > 0) this.#error = error[0];
    this.#publish();
  }

  #publish(): void {
    const isDown = this.#state === 'reconnecting' || (this.#state === 'polling' && this.#error !== undefined);
    const dueAt = this.#poller ? undefined : this.#nextAttempt.dueAt;
    this.#owner.changed({
      state: isDown && !this.#ports.isOnline() ? 'offline' : this.#state,
      error: this.#error,
      attempt: (this.#poller ? this.#pollingBackoff : this.#backoff).failures,
      nextAttemptAt: dueAt === undefined ? undefined : new Date(dueAt),
    });
  }
}
