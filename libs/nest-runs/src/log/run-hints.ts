import type { Cursor } from '@throughline/sse-protocol';
import { Observable, type Subscriber } from 'rxjs';
import type { ResolvedRunsOptions } from '../runs-options.js';

/** Reads where some logs end, behind the hints. */
export interface TailReader {
  runs(ids: readonly string[]): Promise<Map<string, number>>;
  feeds(owners: readonly string[]): Promise<Map<string, number>>;
}

type HintKind = 'run' | 'feed' | 'check' | 'job';
type Listener = (key: string) => void;

/** Hints are joined for this long, off the path of the append. */
const COALESCE_MS = 15;

/**
 * Tells this node's readers and workers, and through the signals those of others, that there is something to look at.
 * At once within the node; other nodes get the newest of each log every 15 ms. A poll runs behind it while anyone
 * follows, so that a lost hint delays and never loses.
 */
export class RunHints {
  private readonly readers = new Map<string, Set<Subscriber<Cursor>>>();
  private readonly lastSeen = new Map<string, number>();
  private readonly listeners: Record<'check' | 'job', Set<Listener>> = { check: new Set(), job: new Set() };
  private readonly outgoing = new Map<string, number>();
  private sendTimer: NodeJS.Timeout | undefined;
  private pollTimer: NodeJS.Timeout | undefined;
  private stopListening: (() => Promise<void>) | undefined;
  private isClosed = false;

  constructor(
    private readonly options: Pick<ResolvedRunsOptions, 'signals' | 'pollIntervalMs' | 'logger'>,
    private readonly tails: TailReader,
  ) {}

  async open(): Promise<void> {
    this.stopListening = await this.options.signals.listen((payload) => this.receive(payload));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.pollTimer);
    clearTimeout(this.sendTimer);
    await this.send();
    await this.stopListening?.();
  }

  /** A run's log goes up to `seq` now. */
  runChanged(runId: string, seq: number): void {
    this.tell('run', runId, seq);
  }

  /** An owner's feed goes up to `seq` now. */
  feedChanged(owner: string, seq: number): void {
    this.tell('feed', owner, seq);
  }

  /** Whoever does this run should look whether it still may. */
  runNeedsCheck(runId: string): void {
    this.tell('check', runId, 0);
  }

  /** There is a job for runs of this kind. */
  jobQueued(kind: string): void {
    this.tell('job', kind, 0);
  }

  /** Calls `listener` with the run's id or the kind, for as long as this node lives. */
  on(kind: 'check' | 'job', listener: Listener): void {
    this.listeners[kind].add(listener);
  }

  /** The cursors to which a run's log or a feed has grown. Never completes: a log's end is told by the log. */
  watch(kind: 'run' | 'feed', key: string): Observable<Cursor> {
    const topic = `${kind}:${key}`;
    return new Observable((subscriber) => {
      const readers = this.readers.get(topic) ?? new Set();
      this.readers.set(topic, readers.add(subscriber));
      this.schedulePoll();
      return () => {
        readers.delete(subscriber);
        if (readers.size > 0) return;
        this.readers.delete(topic);
        this.lastSeen.delete(topic);
      };
    });
  }

  private tell(kind: HintKind, key: string, seq: number): void {
    const topic = `${kind}:${key}`;
    this.deliver(kind, key, seq);
    this.outgoing.set(topic, seq);
    if (!this.isClosed) this.sendTimer ??= setTimeout(() => void this.send(), COALESCE_MS);
  }

  private deliver(kind: HintKind, key: string, seq: number): void {
    if (kind === 'check' || kind === 'job') {
      for (const listener of this.listeners[kind]) listener(key);
      return;
    }
    const topic = `${kind}:${key}`;
    const readers = this.readers.get(topic);
    const seen = this.lastSeen.get(topic) ?? -1;
    // An own hint that comes back late says less than is known; 0 says that the log is gone.
    if (!readers || (seq === 0 ? seen === 0 : seq <= seen)) return;
    this.lastSeen.set(topic, seq);
    for (const reader of readers) reader.next(String(seq));
  }

  private async send(): Promise<void> {
    this.sendTimer = undefined;
    const payloads = [...this.outgoing].map(([topic, seq]) => `${topic}:${seq}`);
    this.outgoing.clear();
    if (payloads.length === 0) return;
    try {
      await this.options.signals.notify(payloads);
    } catch (error) {
      this.options.logger.warn(`Hints to other nodes are delayed until they poll: ${String(error)}`);
    }
  }

  private receive(payload: string): void {
    const match = /^(run|feed|check|job):(.*):(\d+)$/s.exec(payload);
    if (match) this.deliver(match[1] as HintKind, match[2] as string, Number(match[3]));
  }

  private schedulePoll(): void {
    if (this.isClosed || this.pollTimer !== undefined || this.readers.size === 0) return;
    this.pollTimer = setTimeout(() => void this.poll(), this.options.pollIntervalMs).unref();
  }

  private async poll(): Promise<void> {
    try {
      const keysOf = (kind: string): string[] =>
        [...this.readers.keys()].filter((topic) => topic.startsWith(kind)).map((topic) => topic.slice(kind.length));
      const asked = keysOf('run:');
      const [runs, feeds] = [await this.tails.runs(asked), await this.tails.feeds(keysOf('feed:'))];
      // A run that is not found was deleted: its readers are told, lest they wait for their lifetime's end.
      for (const id of asked) this.deliver('run', id, runs.get(id) ?? 0);
      for (const [owner, seq] of feeds) this.deliver('feed', owner, seq);
    } catch (error) {
      this.options.logger.warn(`Could not look for new messages; the next try is in a moment: ${String(error)}`);
    }
    this.pollTimer = undefined;
    this.schedulePoll();
  }
}
