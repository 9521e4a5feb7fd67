import { Injectable } from '@nestjs/common';
import type { ConnectionEnd, RefusalReason, ResumeResult, SseMetrics } from '@throughline/nest-sse';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Buckets of delivery, in seconds: from one event loop turn to what a person calls late. */
const DELIVERY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Shows what the streams do as Prometheus metrics. */
@Injectable()
export class PrometheusSseMetrics implements SseMetrics {
  private readonly open: Gauge;
  private readonly slow: Gauge;
  private readonly attempts: Counter;
  private readonly closed: Counter;
  private readonly messages: Counter;
  private readonly bytes: Counter;
  private readonly resumes: Counter;
  private readonly replayedMessages: Counter;
  private readonly delivery: Histogram;
  private readonly errors: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string, ...labelNames: string[]) =>
      new Counter({ name, help, labelNames, registers });
    this.open = new Gauge({
      name: 'sse_connections_open',
      help: 'Open streams',
      labelNames: ['channel_kind'],
      registers,
    });
    this.slow = new Gauge({ name: 'sse_slow_connections', help: 'Streams whose client reads too slowly', registers });
    this.attempts = counter('sse_connections_total', 'Streams asked for, by outcome', 'outcome');
    this.closed = counter('sse_closed_total', 'Streams that ended, by reason', 'reason');
    this.messages = counter('sse_messages_sent_total', 'Frames written, by event', 'event');
    this.bytes = counter('sse_bytes_sent_total', 'Bytes written to streams');
    this.resumes = counter('sse_resumes_total', 'Streams that named a cursor, by result', 'result');
    this.replayedMessages = counter('sse_replayed_messages_total', 'Messages read again from a log');
    this.errors = counter('sse_errors_total', 'Faults of streams, by code', 'code');
    this.delivery = new Histogram({
      name: 'sse_delivery_seconds',
      help: 'From the making of a message to its writing',
      buckets: DELIVERY_BUCKETS,
      registers,
    });
  }

  connectionOpened({ kind }: { kind: string }): void {
    this.open.inc({ channel_kind: kind });
    this.attempts.inc({ outcome: 'opened' });
  }

  connectionClosed({ kind, reason }: { kind: string; reason: ConnectionEnd }): void {
    this.open.dec({ channel_kind: kind });
    this.closed.inc({ reason });
  }

  connectionRefused({ reason }: { reason: RefusalReason }): void {
    this.attempts.inc({ outcome: reason });
  }

  messagesSent({ event, count, bytes }: { event: string; count: number; bytes: number }): void {
    this.messages.inc({ event }, count);
    this.bytes.inc(bytes);
  }

  resumed({ result }: { result: ResumeResult }): void {
    this.resumes.inc({ result });
  }

  replayed({ messages }: { messages: number }): void {
    this.replayedMessages.inc(messages);
  }

  delivered({ seconds }: { seconds: number }): void {
    this.delivery.observe(Math.max(0, seconds));
  }

  connectionSlowed(): void {
    this.slow.inc();
  }

  connectionCaughtUp(): void {
    this.slow.dec();
  }

  failed({ code }: { code: string }): void {
    this.errors.inc({ code });
  }
}
