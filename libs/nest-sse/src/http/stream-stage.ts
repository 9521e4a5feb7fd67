import type { LoggerService } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import type { StreamFeed } from '../stream/feed.js';
import { interceptNestPipe } from './nest-pipe.js';
import { isGone, isHttp2, retireSession } from './raw-exchange.js';
import type { StreamExchange } from './stream-exchange.js';
import { StreamHead } from './stream-head.js';

/** Longest part of what an interceptor emitted that is quoted in the log. */
const MAX_QUOTE = 120;

/** Feeds nothing: for a connection that opens only to say why it closes. */
const NO_FEED: StreamFeed = {
  cursor: undefined,
  lastEventId: undefined,
  start: () => undefined,
  stop: () => undefined,
};

/**
 * Puts one stream on its response. Nest's `@Sse()` keeps the headers and the disconnect; the frames are written to the
 * response directly, and nothing is emitted through Nest: its per-message path invents ids for messages without one,
 * encodes again for each connection and runs the app's interceptors. So whatever is emitted there all the same, or ends
 * the stream there, is an interceptor's doing, and is told in the log with what to do about it.
 */
export class StreamStage {
  private readonly head: StreamHead;
  private hasBegun = false;
  private isSpoilt = false;

  /** To be made before any interceptor runs: one that works for long lets Nest write the headers before the handler. */
  constructor(
    private readonly exchange: StreamExchange,
    private readonly logger: LoggerService,
    private readonly isDraining: () => boolean,
  ) {
    this.head = new StreamHead(exchange.response);
    interceptNestPipe(exchange.response, {
      onWrite: (text) => this.onForeignWrite(text),
      onEnd: () => this.onNestEnd(),
    });
  }

  /** What Nest is to subscribe to: emits nothing, and completes with the stream. */
  present(feed: StreamFeed, channels: readonly string[]): Observable<never> {
    let subscribed = false;
    return new Observable((subscriber) => {
      if (subscribed) return this.spoil('subscribed to its stream again');
      subscribed = true;
      this.head.whenOut(() => this.begin(feed, channels, subscriber));
      return () => this.onDetached(feed);
    });
  }

  private begin(feed: StreamFeed, channels: readonly string[], subscriber: Subscriber<never>): void {
    if (this.hasBegun) return feed.stop();
    this.hasBegun = true;
    const end = (): void => {
      // Before Nest learns of it: an interceptor may hold the completion back, or make a value of it.
      this.endResponse();
      subscriber.complete();
    };
    const { connection } = this.exchange;
    // HEAD: Nest sends the headers that the stream would have.
    if (!connection) {
      feed.stop();
      return end();
    }
    connection.open(feed, channels, end);
  }

  private onForeignWrite(text: string): void {
    // Nest's way to tell of an error once the headers are out; it logs the error itself.
    const isError = text.startsWith('event: error\n');
    if (!this.isOver) return this.spoil(isError ? 'failed its stream' : `emitted ${quote(text)} into its stream`);
    // After the end, as `toArray()` and `defaultIfEmpty()` do: kept from the client, and no harm done.
    this.logger.debug?.(`An interceptor made a value of the end of a stream of ${this.exchange.kind}; it is not sent.`);
  }

  private onNestEnd(): void {
    if (!this.head.isOut || this.isOver) return;
    if (this.exchange.connection) this.spoil('ended its stream');
    else this.endResponse();
  }

  private onDetached(feed: StreamFeed): void {
    const { connection } = this.exchange;
    if (!this.hasBegun) feed.stop();
    else if (connection?.isOpen && !this.isOver) this.spoil('ended its stream (a timeout, perhaps)');
  }

  /** Logs what an interceptor did, and closes the stream in good form: the client comes back. */
  private spoil(deed: string): void {
    if (this.isSpoilt || this.isOver) return;
    this.isSpoilt = true;
    this.logger.error(
      `An interceptor of ${this.exchange.kind} ${deed}. Interceptors wrap the handler of an event stream, not its ` +
        'messages: let it return next.handle() as it is where isSseRoute(context.getHandler()).',
    );
    const { connection, kind } = this.exchange;
    connection?.close('overloaded');
    if (this.hasBegun || !this.head.isOut) return;
    this.hasBegun = true;
    if (connection) connection.open(NO_FEED, [kind], () => this.endResponse());
    else this.endResponse();
  }

  private get isOver(): boolean {
    const { request, response } = this.exchange;
    return response.writableEnded || isGone(request, response);
  }

  private endResponse(): void {
    const { response } = this.exchange;
    response.end();
    if (isHttp2(response) && this.isDraining()) retireSession(response);
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text);
}
