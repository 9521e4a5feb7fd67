import { httpResource } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  signal,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { isTerminal } from '@throughline/sse-protocol';
import type { Page, Strategy } from '@throughline/strategy-contract';
import { LiveRuns } from '../shell/live-runs';
import { clockSignal } from '../ui/clock';
import { confirmWith } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { newIdempotencyKey } from '../ui/idempotency-key';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { StrategiesApi } from './strategies-api';
import { StrategyRow } from './strategy-row';

/** How often progress is read again while a run of the list goes on. */
const PROGRESS_INTERVAL_MS = 3000;
const PAGE_SIZE = 50;
const MAX_SIZE = 200;

/** All strategies of the user, with what each is doing now. */
@Component({
  imports: [EmptyState, Icon, LoadError, Loading, MatButton, Notice, StrategyRow],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './strategies-page.html',
  styleUrl: './strategies-page.css',
})
export class StrategiesPage {
  readonly #api = inject(StrategiesApi);
  readonly #router = inject(Router);
  readonly #dialog = inject(MatDialog);
  readonly #runs = inject(LiveRuns);

  readonly #limit = signal(PAGE_SIZE);
  protected readonly list = httpResource<Page<Strategy>>(() => `/api/v1/strategies?limit=${this.#limit()}`);
  /** Kept while the list is read again or can't be, so that it does not flicker. */
  readonly #lastItems = signal<readonly Strategy[] | undefined>(undefined);
  protected readonly items = this.#lastItems.asReadonly();
  protected readonly hasMore = signal(false);

  protected readonly now = clockSignal(30_000);
  protected readonly busy = signal<'sample' | 'new' | undefined>(undefined);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly hasLive = computed(
    () => this.items()?.some(({ lastRun }) => lastRun !== undefined && !isTerminal(lastRun.status)) ?? false,
  );

  constructor() {
    effect(() => {
      if (!this.list.hasValue()) return;
      const { items, nextCursor } = this.list.value();
      this.#lastItems.set(items);
      this.hasMore.set(nextCursor !== undefined && this.#limit() < MAX_SIZE);
    });
    effect(() => {
      this.#runs.changes();
      untracked(() => this.list.reload());
    });
    const timer = setInterval(() => {
      if (this.hasLive() && document.visibilityState === 'visible') this.list.reload();
    }, PROGRESS_INTERVAL_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected showMore(): void {
    this.#limit.update((limit) => Math.min(limit + PAGE_SIZE, MAX_SIZE));
  }

  protected trySample(): Promise<void> {
    return this.#attempt('sample', async () => {
      const run = await this.#api.startRun(await this.#api.createSample(), newIdempotencyKey());
      await this.#router.navigate(['/runs', run.id]);
    });
  }

  protected create(): Promise<void> {
    return this.#attempt('new', async () => {
      const strategy = await this.#api.create('Untitled strategy');
      await this.#router.navigate(['/strategies', strategy.id, 'brief']);
    });
  }

  protected async delete(strategy: Strategy): Promise<void> {
    const isSure = await confirmWith(this.#dialog, {
      title: `Delete “${strategy.name}”?`,
      text: 'Its brief, its runs and all its versions are deleted. This can’t be undone.',
      action: 'Delete',
    });
    if (!isSure) return;
    await this.#attempt(undefined, async () => {
      await this.#api.delete(strategy.id);
      this.list.reload();
    });
  }

  async #attempt(what: 'sample' | 'new' | undefined, work: () => Promise<void>): Promise<void> {
    if (this.busy() !== undefined) return;
    this.busy.set(what);
    this.failure.set(undefined);
    try {
      await work();
    } catch (error) {
      this.failure.set(toProblem(error).detail);
    } finally {
      this.busy.set(undefined);
    }
  }
}
