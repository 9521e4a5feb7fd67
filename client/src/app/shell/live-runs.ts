import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { SseClient } from '@throughline/ngx-sse';
import { type RunStatus, type StatusData, isTerminal } from '@throughline/sse-protocol';
import { isRunMessageData } from '@throughline/strategy-contract';
import { followConnection } from '../connection/follow-connection';

/** A run, as the user's feed tells of it. */
export interface FeedRun {
  runId: string;
  status: RunStatus;
  at: string;
}

/** Folds one message of the feed: the newest state of each run, the newest run last. */
export function foldFeed(runs: readonly FeedRun[], { runId, status, timestamp }: StatusData): FeedRun[] {
  return [...runs.filter((run) => run.runId !== runId), { runId, status, at: timestamp }];
}

/** All runs of the user, live on every page. Provided by the shell, so that signing out ends the stream. */
@Injectable()
export class LiveRuns {
  readonly #openedAt = Date.now();
  readonly #runs = signal<readonly FeedRun[]>([]);
  readonly #seen = signal<ReadonlySet<string>>(new Set());
  readonly #wanted = new Set<string>();

  /** Changes with each message, so that lists know when to read again. */
  readonly changes = computed(
    () =>
      this.#runs().length +
      this.#runs()
        .map((run) => run.status)
        .join(),
  );
  readonly active = computed(() => this.#runs().filter((run) => !isTerminal(run.status)));
  /** Runs that ended since the app was opened and that nobody has looked at. */
  readonly unread = computed(() =>
    this.#runs().filter(
      (run) => isTerminal(run.status) && Date.parse(run.at) >= this.#openedAt && !this.#seen().has(run.runId),
    ),
  );

  constructor() {
    const connection = inject(SseClient).connect<{ status: StatusData }>(() => '/api/v1/events', {
      events: ['status'],
      validate: ({ event, data }) => isRunMessageData(event, data),
      // Trimmed history is of runs that ended long ago; the pages read their state from the API.
      onGap: () => this.#runs.set([]),
    });
    const subscription = connection.on('status').subscribe((data) => this.#take(data));
    followConnection(() => connection, { maybeSilent: true });
    inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  }

  markSeen(runId: string): void {
    this.#seen.update((seen) => new Set(seen).add(runId));
  }

  /** Asks for a notification when the run ends; `false` if the browser does not allow it. */
  async notifyAtEnd(runId: string): Promise<boolean> {
    if (!('Notification' in globalThis) || (await Notification.requestPermission()) !== 'granted') return false;
    this.#wanted.add(runId);
    return true;
  }

  #markUnseen(runId: string): void {
    this.#seen.update((seen) => new Set([...seen].filter((each) => each !== runId)));
  }

  #take(data: StatusData): void {
    this.#runs.update((runs) => foldFeed(runs, data));
    // A retry will end once more, and that end is news.
    if (!isTerminal(data.status)) this.#markUnseen(data.runId);
    if (isTerminal(data.status) && this.#wanted.delete(data.runId)) {
      const isGood = data.status === 'succeeded' || data.status === 'succeeded_with_gaps';
      const notification = new Notification(isGood ? 'Your strategy is ready' : 'A run has ended', { tag: data.runId });
      notification.addEventListener('click', () => window.focus());
    }
  }
}
