import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { CloseReason, Gap, StreamCloseData } from '@throughline/sse-protocol';
import { jitter } from '../clock.js';
import type { SseConnection } from '../connections/sse-connection.js';
import type { ConnectionEnd } from '../sse-metrics.js';
import type { SseIdentity } from '../sse-options.js';
import type { FeedOutlet, StreamFeed } from './feed.js';
import type { EncodedFrame } from './frame-encoder.js';
import type { WheelEntry } from './heartbeat-wheel.js';
import { reconnectionTime, RETRY_JITTER, retryAfter } from './retry-after.js';
import type { StreamEngine } from './stream-engine.js';
import { sinkOf } from './stream-sink.js';
import { StreamWriter, type WriterOwner } from './stream-writer.js';

/** Tells those who keep connections what becomes of one. */
export interface ConnectionWatch {
  onOpened(connection: StreamConnection): void;
  /** Something happened to an open connection, for traces; attributes are bounded. */
  onNoted(connection: StreamConnection, name: ConnectionNote, attributes: Readonly<Record<string, string>>): void;
  /** Called once, when the response is over; `end` is absent where the stream was never opened. */
  onOver(connection: StreamConnection, end?: ConnectionEnd): void;
}

/** What is noted of an open connection. */
export type ConnectionNote = 'sse.gap' | 'sse.slow' | 'sse.failed' | 'sse.closing';

/** Reasons after which the client has no claim to the rest: it is cut soon, whether it has read it or not. */
const IMPATIENT: ReadonlySet<CloseReason> = new Set(['revoked', 'superseded', 'drain']);
const IMPATIENT_TIMEOUT_MS = 1000;
/** Reasons after which the client gets nothing more of what waits for it. */
const ABRUPT: ReadonlySet<CloseReason> = new Set(['revoked', 'superseded', 'slow']);
const LIFETIME_JITTER = 0.2;

/**
 * One stream, from the moment when its slot is taken: `reserved` while guards and handler still may refuse, `open` when
 * `stream.open` was written, `closing` when `stream.close` was, `over` when the response is closed.
 */
export class StreamConnection implements FeedOutlet, WheelEntry, WriterOwner {
  readonly id = randomUUID();
  readonly sinceMs: number;

  private state: 'reserved' | 'open' | 'closing' | 'over' = 'reserved';
  private channels: readonly string[];
  private writer: StreamWriter | undefined;
  private feed: StreamFeed | undefined;
  private endResponse: (() => void) | undefined;
  private end: ConnectionEnd | undefined;
  private wasOpened = false;
  private lifetimeEndsAt = Infinity;
  private closeDeadline = Infinity;

  constructor(
    private readonly engine: StreamEngine,
    private readonly response: ServerResponse,
    readonly identity: SseIdentity,
    readonly kind: string,
    private readonly watch: ConnectionWatch,
  ) {
    this.sinceMs = engine.settings.clock.now();
    this.channels = [kind];
    // The response's close, not the request's: that one fires as soon as the body was read (trap 12).
    response.once('close', () => this.over());
    // A response that fails is a client that is gone; its close follows, and without a listener the process would die.
    response.on('error', ignore);
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get isClosing(): boolean {
    return this.state === 'closing';
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  get isBlocked(): boolean {
    return this.writer?.isBlocked ?? false;
  }

  get bytesQueued(): number {
    return this.writer?.bytesQueued ?? 0;
  }

  /** Whether what it streams has that name. */
  isOn(channel: string): boolean {
    return this.channels.includes(channel);
  }

  /** What is shown of it now. */
  show(): SseConnection {
    const { user, session, address } = this.identity;
    return {
      id: this.id,
      ...(user !== undefined && { user }),
      ...(session !== undefined && { session }),
      address,
      kind: this.kind,
      channels: this.channels,
      since: new Date(this.sinceMs).toISOString(),
      cursor: this.feed?.cursor ?? '',
      bytesQueued: this.bytesQueued + (this.feed?.bytesWaiting ?? 0),
      lastWriteAt: new Date(this.writer?.lastWriteAt ?? this.sinceMs).toISOString(),
    };
  }

  /**
   * Begins to write; the headers have left. Where it was closed before it opened, the client gets only why.
   *
   * @param endResponse ends the response after what was written
   */
  open(feed: StreamFeed, channels: readonly string[], endResponse: () => void): void {
    if (this.state === 'over') return feed.stop();
    const { settings, encoder, wheel, metrics } = this.engine;
    this.endResponse = endResponse;
    this.writer = new StreamWriter(sinkOf(this.response), settings.clock, metrics, this);
    this.feed = feed;
    this.channels = channels;
    if (this.state === 'closing') return this.finish(this.end as CloseReason);
    this.state = 'open';
    this.wasOpened = true;
    this.lifetimeEndsAt = this.sinceMs + jitter(settings.maxLifetimeMs, LIFETIME_JITTER, settings.random);
    const { heartbeatIntervalMs, maxLifetimeMs } = settings;
    const resumedFrom = feed.cursor ?? '';
    const facts = { connectionId: this.id, resumedFrom, heartbeatIntervalMs, maxLifetimeMs };
    const retry = encoder.retry(jitter(settings.retryMs, RETRY_JITTER, settings.random));
    this.writeFrame(encoder.control('stream.open', facts), retry);
    wheel.set(this, this.nextDeadline());
    metrics.tell('connectionOpened', { kind: this.kind });
    this.watch.onOpened(this);
    feed.start(this);
  }

  writable(): Promise<boolean> {
    return this.state === 'open' && this.writer ? this.writer.writable() : Promise.resolve(false);
  }

  write(bytes: Buffer): void {
    if (this.state === 'open') this.writer?.write(bytes);
  }

  /** Writes a frame beside the feed; a client that is too far behind is closed as `slow` instead. */
  sendBeside(frame: EncodedFrame): void {
    if (this.state !== 'open') return;
    this.writeFrame(frame);
    if (this.isBlocked && this.bytesQueued > this.engine.settings.maxQueuedBytes) this.close('slow');
  }

  gap(gap: Gap): void {
    if (this.state !== 'open') return;
    this.writeFrame(this.engine.encoder.control('stream.gap', gap));
    this.watch.onNoted(this, 'sse.gap', { 'sse.gap.reason': gap.reason });
  }

  fail(error: unknown, code: 'source_failed' | 'invalid_message'): void {
    if (this.state !== 'open') return;
    this.engine.logger.error(`The source of a stream of ${this.kind} failed (${code}); its client comes back.`, error);
    this.engine.metrics.tell('failed', { code });
    this.watch.onNoted(this, 'sse.failed', { 'error.type': code });
    this.close('overloaded');
  }

  /** Tells the client why, then ends the response. Only the first reason counts. */
  close(reason: CloseReason): void {
    if (this.state === 'closing' || this.state === 'over') return;
    const wasOpen = this.state === 'open';
    if (wasOpen && !ABRUPT.has(reason)) this.feed?.writeRest?.();
    this.state = 'closing';
    this.end = reason;
    if (wasOpen) this.finish(reason);
  }

  /** Closes the socket at once. */
  cut(end: ConnectionEnd): void {
    this.end ??= end;
    this.response.destroy();
  }

  onDue(nowMs: number): number | undefined {
    if (this.state === 'over' || !this.writer) return undefined;
    const { settings, encoder } = this.engine;
    const stalledAt = this.stalledAt();
    if (nowMs >= this.closeDeadline || nowMs >= stalledAt) {
      this.cut('stalled');
      return undefined;
    }
    if (this.state === 'open' && nowMs >= this.lifetimeEndsAt) this.close('lifetime');
    const isSilent = nowMs - this.writer.lastWriteAt >= settings.heartbeatIntervalMs;
    if (this.state === 'open' && isSilent && !this.isBlocked) {
      const heartbeat = encoder.control('stream.heartbeat', { serverTime: new Date(nowMs).toISOString() });
      this.writeFrame(heartbeat, this.unknownPlace());
    }
    return this.nextDeadline();
  }

  onSlow(): void {
    if (this.state === 'over') return;
    this.engine.wheel.set(this, this.nextDeadline());
    this.watch.onNoted(this, 'sse.slow', {});
  }

  private writeFrame(frame: EncodedFrame, before?: Buffer): void {
    this.writer?.write(before ? Buffer.concat([before, frame.bytes]) : frame.bytes);
    this.engine.tally.sent([frame]);
  }

  /** What tells the client its place, where messages that it is not sent have moved it: those may be trimmed in time. */
  private unknownPlace(): Buffer | undefined {
    const { cursor, lastEventId } = this.feed ?? {};
    if (cursor === undefined || cursor === lastEventId) return undefined;
    return this.engine.encoder.place(cursor);
  }

  private finish(reason: CloseReason): void {
    const { settings, encoder, metrics } = this.engine;
    const retryAfterMs = retryAfter(reason, settings);
    const data: Omit<StreamCloseData, 'timestamp'> = { reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    // One draw of the jitter for both, where both are told.
    const retryMs = retryAfterMs ?? reconnectionTime(reason, settings);
    const retry = retryMs === undefined ? [] : [encoder.retry(retryMs)];
    const place = this.wasOpened ? this.unknownPlace() : undefined;
    this.feed?.stop();
    this.writeFrame(encoder.control('stream.close', data), Buffer.concat(place ? [...retry, place] : retry));
    const patienceMs = IMPATIENT.has(reason) ? IMPATIENT_TIMEOUT_MS : settings.stallTimeoutMs;
    this.closeDeadline = settings.clock.now() + patienceMs;
    this.engine.wheel.set(this, this.closeDeadline);
    if (this.wasOpened) this.watch.onNoted(this, 'sse.closing', { 'sse.close.reason': reason });
    if (!this.wasOpened && isRefusal(reason)) {
      metrics.tell('connectionRefused', { kind: this.kind, reason });
    }
    this.endResponse?.();
  }

  private over(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.feed?.stop();
    this.writer?.stop();
    this.engine.wheel.remove(this);
    const end = this.end ?? 'disconnected';
    if (this.wasOpened) {
      const durationMs = this.engine.settings.clock.now() - this.sinceMs;
      this.engine.metrics.tell('connectionClosed', { kind: this.kind, reason: end, durationMs });
    }
    this.watch.onOver(this, this.wasOpened ? end : undefined);
  }

  private nextDeadline(): number {
    if (this.state === 'closing') return this.closeDeadline;
    const heartbeatAt = (this.writer?.lastWriteAt ?? this.sinceMs) + this.engine.settings.heartbeatIntervalMs;
    const stalledAt = this.stalledAt();
    // A blocked connection gets no heartbeat: it has bytes to take already.
    return Math.min(this.lifetimeEndsAt, stalledAt === Infinity ? heartbeatAt : stalledAt);
  }

  private stalledAt(): number {
    const since = this.writer?.blockedSince;
    return since === undefined ? Infinity : since + this.engine.settings.stallTimeoutMs;
  }
}

function isRefusal(reason: CloseReason): reason is 'limit' | 'overloaded' | 'drain' {
  return reason === 'limit' || reason === 'overloaded' || reason === 'drain';
}

function ignore(): void {
  // Told by the close that follows.
}
