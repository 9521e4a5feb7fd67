import { Logger } from '@nestjs/common';
import type { CloseReason, GapReason } from '@throughline/sse-protocol';

/** Why a connection is over: what the server said, or that the client went, or stopped reading. */
export type ConnectionEnd = CloseReason | 'disconnected' | 'stalled';

/** Why a stream was refused. */
export type RefusalReason = Extract<CloseReason, 'limit' | 'overloaded' | 'drain'>;

/** What became of a cursor that a client named. */
export type ResumeResult = 'continued' | 'nothing_left' | 'malformed' | GapReason;

/**
 * Is told what the streams do; the app binds it to its metrics. Each method is optional. Every label is bounded: `kind`
 * is a route, `event` one of at most 64 names (then `other`); never a user, a run or an address.
 */
export interface SseMetrics {
  /** A stream was opened (`sse_connections_open`, `sse_connections_total{outcome="opened"}`). */
  connectionOpened?(fact: { kind: string }): void;
  /** An opened stream is over (`sse_connections_open`, `sse_closed_total{reason}`). */
  connectionClosed?(fact: { kind: string; reason: ConnectionEnd; durationMs: number }): void;
  /** A stream was refused (`sse_connections_total{outcome}`). */
  connectionRefused?(fact: { kind: string; reason: RefusalReason }): void;
  /** A JSON page was served. */
  pageServed?(fact: { kind: string; messages: number }): void;
  /**
   * So many frames of that name, control frames included, were handed to sockets, with so many bytes in all: once for all
   * connections that were written to together (`sse_messages_sent_total{event}`, `sse_bytes_sent_total`).
   */
  messagesSent?(fact: { event: string; count: number; bytes: number }): void;
  /** A client came with a cursor (`sse_resumes_total{result}`). */
  resumed?(fact: { result: ResumeResult }): void;
  /** A stream is level with its log for the first time, after so many messages (`sse_replayed_messages_total`). */
  replayed?(fact: { messages: number }): void;
  /** A live message was written so long after its timestamp, to all that are level (`sse_delivery_seconds`). */
  delivered?(fact: { seconds: number }): void;
  /** A client reads slower than it is written to (`sse_slow_connections`). */
  connectionSlowed?(): void;
  /** A slow client has caught up, or is gone (`sse_slow_connections`). */
  connectionCaughtUp?(): void;
  /** Something of the server failed (`sse_errors_total{code}`). */
  failed?(fact: { code: 'source_failed' | 'observer_failed' | 'invalid_message' | 'leases_failed' }): void;
}

const MAX_EVENT_NAMES = 64;

/** Tells an {@link SseMetrics} observer, keeps its labels bounded and its faults away from the streams. */
export class MetricsReporter {
  private readonly logger = new Logger('SseMetrics');
  private readonly names = new Set<string>();
  private hasFailed = false;

  /** @param journal is told the same, before the observer */
  constructor(
    private readonly observer: SseMetrics,
    private readonly journal: SseMetrics = {},
  ) {}

  /** Calls one method of the observer. */
  tell<K extends keyof SseMetrics>(method: K, ...fact: Parameters<NonNullable<SseMetrics[K]>>): void {
    (this.journal[method] as ((...fact: unknown[]) => void) | undefined)?.apply(this.journal, fact);
    try {
      (this.observer[method] as ((...fact: unknown[]) => void) | undefined)?.apply(this.observer, fact);
    } catch (error) {
      if (this.hasFailed) return;
      this.hasFailed = true;
      this.logger.error(`The metrics observer failed in ${method}(); later faults of it are not logged.`, error);
    }
  }

  /** Whether anybody listens to that: what it costs to find out can be spared otherwise. */
  observes(method: keyof SseMetrics): boolean {
    return this.observer[method] !== undefined;
  }

  /** Tells of frames that were written. */
  sent(event: string, count: number, bytes: number): void {
    if (!this.names.has(event)) {
      if (this.names.size >= MAX_EVENT_NAMES) return this.tell('messagesSent', { event: 'other', count, bytes });
      this.names.add(event);
    }
    this.tell('messagesSent', { event, count, bytes });
  }
}
