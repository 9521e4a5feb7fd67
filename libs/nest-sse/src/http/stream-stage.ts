import type { ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { StreamFeed } from '../stream/feed.js';
import { isGone, isHttp2, retireSession } from './raw-exchange.js';
import { ReplyWatch, type ReplyWatcher } from './reply-watch.js';
import type { Stage, StreamExchange } from './stream-exchange.js';
import { writeStreamHead } from './stream-head.js';

/** Longest part of what an interceptor made that is quoted in the log. */
const MAX_QUOTE = 120;

/** Feeds nothing: for a connection that opens only to say why it closes. */
const NO_FEED: StreamFeed = {
  cursor: undefined,
  lastEventId: undefined,
  start: () => undefined,
  stop: () => undefined,
};

/** What all stages share. */
export interface StageHost {
  readonly logger: LoggerService;
  readonly isDraining: boolean;
  /** The routes whose interceptors were told of already: once each is enough. */
  readonly toldOf: Set<string>;
}

/**
 * Puts one stream on its response, which is the library's from the moment when the handler has returned: Nest gets
 * `undefined` for a result, with which it is done. What it is about to send all the same is an interceptor's doing: one
 * that wraps every result in an envelope, or that answers instead of the handler. It is kept from the client, and told
 * in the log with what to do about it.
 */
export class StreamStage implements Stage, ReplyWatcher {
  private readonly watch: ReplyWatch;
  private isOpen = false;

  /** To be made before any interceptor runs: one may answer without asking the handler. */
  constructor(
    private readonly exchange: StreamExchange,
    private readonly host: StageHost,
  ) {
    this.watch = new ReplyWatch(exchange.reply, exchange.response, this);
  }

  /** Opens the stream. */
  present(feed: StreamFeed, channels: readonly string[]): void {
    if (this.isOpen || this.isOver) return feed.stop();
    const { response } = this.exchange;
    // Headers and the first frames leave in one packet.
    const socket = isHttp2(response) ? undefined : response.socket;
    socket?.cork();
    try {
      this.open(feed, channels);
    } finally {
      socket?.uncork();
    }
  }

  keepsEnd(): boolean {
    return this.isOpen;
  }

  keepsReply(body: unknown): boolean {
    const { kind, connection, response } = this.exchange;
    if (this.isOpen) {
      if (body !== undefined) this.tell(`makes ${quote(body)} of what the handler returned`);
      return true;
    }
    // A refusal or a fault of the handler, a guard or a pipe, or that nothing is left: an answer like any other.
    if (response.statusCode >= 300 || response.statusCode === 204) return false;
    this.tell(body === undefined ? 'answers nothing in place of the handler' : `answers ${quote(body)} in its place`);
    connection?.close('overloaded');
    this.present(NO_FEED, [kind]);
    return true;
  }

  private open(feed: StreamFeed, channels: readonly string[]): void {
    const { connection, reply, response } = this.exchange;
    // Throws where somebody has sent a head already: then the answer is not the library's, and ends as any that fails.
    writeStreamHead(reply, response);
    this.isOpen = true;
    const end = enderOf(response, this.watch.originalEnd, this.host);
    if (connection) return connection.open(feed, channels, end);
    // HEAD: the headers that the stream would have.
    feed.stop();
    end();
  }

  private tell(deed: string): void {
    const { kind } = this.exchange;
    const { logger, toldOf } = this.host;
    if (toldOf.has(kind)) return;
    toldOf.add(kind);
    logger.error(
      `An interceptor of ${kind} ${deed}. Interceptors wrap the handler of an event stream, not its messages: let it ` +
        'return next.handle() as it is where isSseRoute(context.getHandler()).',
    );
  }

  private get isOver(): boolean {
    const { request, response } = this.exchange;
    return response.writableEnded || isGone(request, response);
  }
}

/** Ends the response in the library's own name. It is all that a stream that lasts holds of its stage. */
function enderOf(response: ServerResponse, end: ServerResponse['end'], host: StageHost): () => void {
  return () => {
    Reflect.apply(end, response, []);
    if (isHttp2(response) && host.isDraining) retireSession(response);
  };
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}
