import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type SseConnection, SseConnections } from '@throughline/nest-sse';
import type { Subscription } from 'rxjs';
import { type ConnectionChanges, type ConnectionView, toView } from './connection-events.js';
import { ConnectionLog } from './connection-log.js';

/** Changes are told together, this far apart; the first after silence at once. */
const INTERVAL_MS = 1000;
/** Streams that are looked at in one interval, and that one message tells of, at most. */
const MOST_LOOKS = 1000;
const MOST_TOLD = 200;
/** Whoever asks for a page is taken to ask again. */
const PAGE_WATCH_MS = 30_000;

type Place = Pick<ConnectionView, 'cursor' | 'bytesQueued'>;

/**
 * Reports in the {@link ConnectionLog} which streams open and close and, while somebody watches, how far they are. Of
 * the streams of those who watch only the former: each report moves them, and would be the cause of the next.
 */
@Injectable()
export class ConnectionReporter implements OnApplicationBootstrap, OnModuleDestroy {
  /** The place of each stream as it was told last. */
  private readonly told = new Map<string, Place>();
  private round = this.told.entries();
  private readonly watchers = new Set<string>();
  private opened = new Map<string, ConnectionView>();
  private closed = new Map<string, string>();
  private subscription?: Subscription;
  private timer: NodeJS.Timeout | undefined;
  private reportedAtMs = -Infinity;
  private watchedUntilMs = -Infinity;

  constructor(
    private readonly connections: SseConnections,
    private readonly log: ConnectionLog,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.connections.opened.subscribe((connection) => this.takeOpened(connection));
    this.subscription.add(
      this.connections.closed.subscribe(({ connection, reason }) => this.takeClosed(connection.id, reason)),
    );
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
  }

  /** The log, for somebody who reads a page of it or is about to watch it. */
  watch(): ConnectionLog {
    this.watchedUntilMs = Date.now() + PAGE_WATCH_MS;
    this.schedule();
    return this.log;
  }

  private takeOpened(connection: SseConnection): void {
    const { id, channels } = connection;
    if (channels.includes(this.log.name)) this.watchers.add(id);
    else this.told.set(id, placeOf(connection));
    this.opened.set(id, toView(connection));
    this.schedule();
  }

  private takeClosed(id: string, reason: string): void {
    this.watchers.delete(id);
    this.told.delete(id);
    this.opened.delete(id);
    this.closed.set(id, reason);
    this.schedule();
  }

  private schedule(): void {
    const waitMs = Math.max(0, this.reportedAtMs + INTERVAL_MS - Date.now());
    this.timer ??= setTimeout(() => this.report(), waitMs).unref();
  }

  private report(): void {
    this.timer = undefined;
    this.reportedAtMs = Date.now();
    const isWatched = this.watchers.size > 0 || this.reportedAtMs < this.watchedUntilMs;
    const opened = Array.from(this.opened.values(), (view) => this.asItIs(view));
    const closed = Array.from(this.closed, ([id, reason]) => ({ id, reason }));
    const changed = isWatched ? this.findChanged() : [];
    this.opened = new Map();
    this.closed = new Map();
    const timestamp = new Date(this.reportedAtMs).toISOString();
    const messages = inParts({ timestamp, opened, closed, changed });
    // It rejects only where it has ended, which this log never does, or for what is no JSON.
    if (messages.length > 0) void this.log.append(messages.map((data) => ({ event: 'connections' as const, data })));
    if (isWatched) this.schedule();
  }

  /** As it is now: what it was given while it opened has left since, and is not told as a change then. */
  private asItIs(view: ConnectionView): ConnectionView {
    const now = this.connections.get(view.id);
    if (!now) return view;
    if (this.told.has(view.id)) this.told.set(view.id, placeOf(now));
    return toView(now);
  }

  /** Looks at some streams, the next ones another time, so that many cost no more than a few. */
  private findChanged(): ConnectionChanges['changed'] {
    const changed: ConnectionChanges['changed'] = [];
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const next = this.round.next();
      if (next.done) {
        this.round = this.told.entries();
        break;
      }
      const [id, before] = next.value;
      const now = this.connections.get(id);
      if (!now || (now.cursor === before.cursor && now.bytesQueued === before.bytesQueued)) continue;
      const place = placeOf(now);
      this.told.set(id, place);
      changed.push({ id, ...place });
    }
    return changed;
  }
}

function placeOf({ cursor, bytesQueued }: SseConnection): Place {
  return { cursor, bytesQueued };
}

/** The same changes in messages of bounded size; none where nothing changed. */
function inParts({ timestamp, ...changes }: ConnectionChanges): ConnectionChanges[] {
  const most = Math.max(...Object.values(changes).map(({ length }) => length));
  return Array.from({ length: Math.ceil(most / MOST_TOLD) }, (_, part) => {
    const ofPart = <T>(all: T[]) => all.slice(part * MOST_TOLD, (part + 1) * MOST_TOLD);
    const { opened, closed, changed } = changes;
    return { timestamp, opened: ofPart(opened), closed: ofPart(closed), changed: ofPart(changed) };
  });
}
