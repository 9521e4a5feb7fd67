import { Injectable, type LoggerService } from '@nestjs/common';
import { isObservable, type Observable } from 'rxjs';
import type { ReadableLog } from '../log/readable-log.js';
import { DeferredFeed } from '../stream/deferred-feed.js';
import type { StreamFeed } from '../stream/feed.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { ContentValidator } from '../validation/validated-content.js';
import { narrow } from './event-filter.js';
import { NoPageException } from './problems.js';
import type { SseContent, SseResult } from './sse-stream-options.js';
import { StreamAdmission } from './stream-admission.js';
import { StreamStage, type StageHost } from './stream-stage.js';
import { releaseExchange, type ResultOpener, type StreamExchange } from './stream-exchange.js';

/**
 * How long an asynchronous handler may take until the stream opens without it. Before that its refusal is a status;
 * the bytes of `stream.open` are to leave within 50 ms of the request, whatever the producer does.
 */
const HANDLER_PATIENCE_MS = 20;

/** Turns what a handler returned into the stream of its connection. */
@Injectable()
export class StreamOpener implements ResultOpener, StageHost {
  readonly toldOf = new Set<string>();

  constructor(
    private readonly engine: StreamEngine,
    private readonly admission: StreamAdmission,
    private readonly validator: ContentValidator,
  ) {}

  get logger(): LoggerService {
    return this.engine.logger;
  }

  get isDraining(): boolean {
    return this.admission.isDraining;
  }

  /** Makes ready for the stream; to be called before any interceptor runs. */
  prepare(exchange: StreamExchange): StreamStage {
    return new StreamStage(exchange, this);
  }

  open(exchange: StreamExchange, returned: SseResult): void | Promise<void> {
    if (isPromise(returned)) return this.openSoon(exchange, returned);
    const result = narrowed(exchange, returned);
    if (!isEventLog(result) || result === exchange.log)
      return this.stream(exchange, this.feedOf(exchange, result), result);
    return this.admission
      .admit(exchange, result)
      .then(() => this.stream(exchange, this.feedOf(exchange, result), result));
  }

  private async openSoon(exchange: StreamExchange, result: Promise<SseContent>): Promise<void> {
    const isSettled = exchange.wantsPage || (await settlesWithin(result, HANDLER_PATIENCE_MS));
    if (isSettled) return this.open(exchange, await result);
    const feed = result.then((content) => this.feedOf(exchange, narrowed(exchange, content)));
    return this.stream(exchange, new DeferredFeed(feed, exchange.cursor), exchange.log);
  }

  private stream(exchange: StreamExchange, feed: StreamFeed, content: unknown): void {
    const { stage, kind } = exchange;
    if (!stage) throw new NoPageException();
    stage.present(feed, namesOf(content) ?? namesOf(exchange.log) ?? [kind]);
    releaseExchange(exchange);
  }

  private feedOf(exchange: StreamExchange, content: unknown): StreamFeed {
    const { kind, events, cursor, latestBy } = exchange;
    if (isEventLog(content)) {
      const log = this.validator.log(kind, events, content);
      return this.engine.logFeed(log, cursor);
    }
    if (!isObservable(content)) {
      throw new TypeError(`The handler ${exchange.kind} returned no Observable and no EventLog to stream.`);
    }
    if (exchange.wantsPage) throw new NoPageException();
    const messages = this.validator.observable(kind, events, content as Observable<never>);
    return this.engine.observableFeed(messages, cursor, latestBy);
  }
}

/** What the client asked for; what the source opened is that already. */
function narrowed({ log, filter }: StreamExchange, content: SseContent): SseContent {
  return content === log ? content : narrow(content, filter);
}

function isPromise(value: SseResult): value is Promise<SseContent> {
  return typeof (value as Partial<Promise<SseContent>> | undefined)?.then === 'function';
}

function isEventLog(value: unknown): value is ReadableLog {
  const log = value as Partial<ReadableLog> | null;
  return typeof log?.readAfter === 'function' && typeof log.tail === 'function' && isObservable(log.changes);
}

/** By what a log is shown: its name, or those of the logs that are merged in it. */
function namesOf(content: unknown): readonly string[] | undefined {
  const { name, names } = (content ?? {}) as { name?: unknown; names?: unknown };
  if (!isEventLog(content)) return undefined;
  if (Array.isArray(names)) return names as readonly string[];
  return typeof name === 'string' ? [name] : undefined;
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
