import { Injectable } from '@nestjs/common';
import type { Cursor, EventPage } from '@throughline/sse-protocol';
import { ConnectionRegistry, type Reservation } from '../connections/connection-registry.js';
import { StreamDrain } from '../connections/stream-drain.js';
import type { ReadableLog } from '../log/readable-log.js';
import type { RefusalReason } from '../sse-metrics.js';
import { retryAfter } from '../stream/retry-after.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { ContentValidator } from '../validation/validated-content.js';
import { StreamRefusedException } from './problems.js';
import { isGone } from './raw-exchange.js';
import { SseAnswer } from './sse-answer.js';
import type { StreamExchange } from './stream-exchange.js';
import { assertCursorOf, readPageQuery, type PageQuery } from './stream-query.js';

/** Decides, before anything is written, what a request to a stream's route gets. */
@Injectable()
export class StreamAdmission {
  constructor(
    private readonly engine: StreamEngine,
    private readonly registry: ConnectionRegistry,
    private readonly drain: StreamDrain,
    private readonly validator: ContentValidator,
  ) {}

  /** Whether the server shuts down. */
  get isDraining(): boolean {
    return this.drain.isDraining;
  }

  /** Refuses streams while the server shuts down; pages are still served. */
  assertNotDraining(exchange: StreamExchange): void {
    if (this.drain.isDraining && !exchange.wantsPage) this.refuse(exchange, 'drain');
  }

  /**
   * Answers from the log what needs no stream: throws the page, 204, or a problem where the cursor is not of its form;
   * returns where a stream is due.
   */
  async admit(exchange: StreamExchange, log: ReadableLog): Promise<void> {
    const { metrics } = this.engine;
    if (exchange.wantsPage) {
      const query = readPageQuery(exchange.request);
      assertCursorOf(log, query.after);
      const page = await readPage(log, query);
      this.validator.page(exchange.kind, exchange.events, page);
      metrics.tell('pageServed', { kind: exchange.kind, messages: page.events.length });
      throw SseAnswer.page(page);
    }
    const { cursor } = exchange;
    if (cursor === undefined) return;
    try {
      assertCursorOf(log, cursor);
    } catch (error) {
      metrics.tell('resumed', { result: 'malformed' });
      throw error;
    }
    if (!(await isReadToItsEnd(log, cursor))) return;
    metrics.tell('resumed', { result: 'nothing_left' });
    throw SseAnswer.nothingLeft();
  }

  /** Takes a slot for the stream: at once, or as soon as leases of all processes answer where there are any. */
  reserve(exchange: StreamExchange): void | Promise<void> {
    const { request, response, kind } = exchange;
    // Drain may have begun while rights were checked.
    this.assertNotDraining(exchange);
    // Gone already: there is nobody to refuse, and no close to come that would give the slot back.
    if (isGone(request, response)) throw SseAnswer.nothingLeft();
    const outcome = this.registry.reserve(response, this.engine.settings.identify(request), kind);
    if (!(outcome instanceof Promise)) return this.keep(exchange, outcome);
    return outcome.then((reservation) => this.keep(exchange, reservation));
  }

  private keep(exchange: StreamExchange, reservation: Reservation): void {
    if (typeof reservation === 'string') return this.refuse(exchange, reservation);
    // The client has gone while other processes were asked.
    if (reservation.isOver) throw SseAnswer.nothingLeft();
    exchange.connection = reservation;
  }

  private refuse({ namesStream, response, kind }: StreamExchange, reason: RefusalReason): never {
    const { encoder, settings, metrics } = this.engine;
    metrics.tell('connectionRefused', { kind, reason });
    const retryAfterMs = retryAfter(reason, settings) ?? settings.limitRetryAfterMs;
    if (namesStream) {
      const frames = [encoder.retry(retryAfterMs), encoder.control('stream.close', { reason, retryAfterMs }).bytes];
      throw SseAnswer.refusal(Buffer.concat(frames), reason === 'drain');
    }
    response.setHeader('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1000)));
    throw new StreamRefusedException(reason, retryAfterMs);
  }
}

async function isReadToItsEnd(log: ReadableLog, cursor: Cursor): Promise<boolean> {
  const tail = await log.tail();
  return tail.ended && tail.cursor === cursor;
}

async function readPage(log: ReadableLog, { after, limit }: PageQuery): Promise<EventPage> {
  // The state first: read after the page, it could say that all is over while the last messages are not in the page.
  const status = await log.status?.();
  const { events, cursor, more, gap } = await log.readAfter(after, limit);
  return { events: [...events], cursor, more, ...(status !== undefined && { status }), ...(gap && { gap }) };
}
