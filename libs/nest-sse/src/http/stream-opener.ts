import { Injectable } from '@nestjs/common';
import { isObservable, type Observable } from 'rxjs';
import type { ReadableLog } from '../log/readable-log.js';
import { DeferredFeed } from '../stream/deferred-feed.js';
import type { StreamFeed } from '../stream/feed.js';
import { LogFeed } from '../stream/log-feed.js';
import { ObservableFeed } from '../stream/observable-feed.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { ContentValidator } from '../validation/validated-content.js';
import { NoPageException } from './problems.js';
import type { SseContent, SseResult } from './sse-stream-options.js';
import { StreamAdmission } from './stream-admission.js';
import { bridge } from './stream-bridge.js';
import type { StreamExchange } from './stream-exchange.js';

/**
 * How long an asynchronous handler may take until the stream opens without it. Before that its refusal is a status;
 * the bytes of `stream.open` are to leave within 50 ms of the request, whatever the producer does.
 */
const HANDLER_PATIENCE_MS = 20;

/** Turns what a handler returned into the stream of its connection. */
@Injectable()
export class StreamOpener {
  constructor(
    private readonly engine: StreamEngine,
    private readonly admission: StreamAdmission,
    private readonly validator: ContentValidator,
  ) {}

  /** What Nest's `@Sse()` is to subscribe to. Throws, or rejects with, an answer or a problem where no stream is due. */
  open(exchange: StreamExchange, result: SseResult): Observable<never> | Promise<Observable<never>> {
    if (isPromise(result)) return this.openSoon(exchange, result);
    if (!isEventLog(result) || result === exchange.log)
      return this.stream(exchange, this.feedOf(exchange, result), result);
    return this.admission
      .admit(exchange, result)
      .then(() => this.stream(exchange, this.feedOf(exchange, result), result));
  }

  private async openSoon(exchange: StreamExchange, result: Promise<SseContent>): Promise<Observable<never>> {
    const isSettled = exchange.wantsPage || (await settlesWithin(result, HANDLER_PATIENCE_MS));
    if (isSettled) return this.open(exchange, await result);
    const feed = result.then((content) => this.feedOf(exchange, content));
    return this.stream(exchange, new DeferredFeed(feed, exchange.cursor), exchange.log);
  }

  private stream(exchange: StreamExchange, feed: StreamFeed, content: unknown): Observable<never> {
    const { connection, head, kind } = exchange;
    if (!head) throw new NoPageException();
    // HEAD: Nest sends the headers that the stream would have.
    if (!connection) return bridge(head, (endResponse) => endResponse(), feed.stop.bind(feed));
    const channels = [nameOf(content) ?? nameOf(exchange.log) ?? kind];
    return bridge(
      head,
      (endResponse) => connection.open(feed, channels, endResponse),
      () => connection.detach(),
    );
  }

  private feedOf(exchange: StreamExchange, content: unknown): StreamFeed {
    const { settings, metrics, readers } = this.engine;
    const { kind, events } = exchange;
    if (isEventLog(content)) {
      const log = this.validator.log(kind, events, content);
      return new LogFeed(readers.of(log), exchange.cursor, settings.clock, metrics);
    }
    if (!isObservable(content)) {
      throw new TypeError(`The handler ${exchange.kind} returned no Observable and no EventLog to stream.`);
    }
    if (exchange.wantsPage) throw new NoPageException();
    const messages = this.validator.observable(kind, events, content as Observable<never>);
    return new ObservableFeed(messages, exchange.cursor, settings.maxQueuedBytes);
  }
}

function isPromise(value: SseResult): value is Promise<SseContent> {
  return typeof (value as Partial<Promise<SseContent>> | undefined)?.then === 'function';
}

function isEventLog(value: unknown): value is ReadableLog {
  const log = value as Partial<ReadableLog> | null;
  return typeof log?.readAfter === 'function' && typeof log.tail === 'function' && isObservable(log.changes);
}

function nameOf(content: unknown): string | undefined {
  const { name } = (content ?? {}) as { name?: unknown };
  return isEventLog(content) && typeof name === 'string' ? name : undefined;
}

/** Whether the promise is fulfilled or rejected by then. */
function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const settled = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(settled, settled);
  });
}
