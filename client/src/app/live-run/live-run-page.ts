import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Title } from '@angular/platform-browser';
import { RouterLink } from '@angular/router';
import { ConnectionChip } from '../connection/connection-chip';
import { LiveRuns } from '../shell/live-runs';
import { StrategiesApi } from '../strategies/strategies-api';
import { clockSignal } from '../ui/clock';
import { Icon } from '../ui/icon';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { RUN_STATUS_LOOKS } from '../ui/run-status';
import { StatusChip } from '../ui/status-chip';
import { formatDuration } from '../ui/times';
import { whyStopped } from '../ui/why-stopped';
import { EducationalCard } from './educational-card';
import { RunFeed } from './run-feed';
import type { RunState } from './run-state';
import { RunsApi } from './runs-api';
import { SectionPreview } from './section-preview';
import { StepList } from './step-list';
import { describeTimeLeft, estimateTimeLeft } from './time-left';

/** A run while it goes on, and after: steps, cards, finished parts, and what can be done. */
@Component({
  imports: [
    ConnectionChip,
    EducationalCard,
    Icon,
    LoadError,
    Loading,
    MatButton,
    Notice,
    RouterLink,
    SectionPreview,
    StatusChip,
    StepList,
  ],
  providers: [RunFeed],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './live-run-page.html',
  styleUrl: './live-run-page.css',
})
export class LiveRunPage {
  readonly id = input.required<string>();

  protected readonly feed = inject(RunFeed);
  protected readonly whyStopped = whyStopped;
  readonly #api = inject(RunsApi);
  readonly #strategies = inject(StrategiesApi);
  readonly #liveRuns = inject(LiveRuns);
  readonly #title = inject(Title);
  readonly #now = clockSignal(1000);

  protected readonly loadError = signal<unknown>(undefined);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly busy = signal<'cancel' | 'retry' | undefined>(undefined);
  protected readonly willNotify = signal<boolean | undefined>(undefined);
  protected readonly name = signal('');

  protected readonly look = computed(() => RUN_STATUS_LOOKS[this.feed.state()?.status ?? 'queued']);
  protected readonly current = computed(() => this.feed.state()?.steps.find(({ status }) => status === 'running'));
  protected readonly valueText = computed(() => describeProgress(this.feed.state()));
  protected readonly titles = computed(
    () => new Map(this.feed.state()?.steps.map(({ id, title }) => [id, title] as const)),
  );
  protected readonly timeLeft = computed(() => {
    const state = this.feed.state();
    if (state === undefined || this.feed.isEnded()) return undefined;
    const leftMs = estimateTimeLeft(state.steps, state.startedAt, this.#now());
    return leftMs === undefined ? undefined : describeTimeLeft(leftMs);
  });
  protected readonly took = computed(() => {
    const durationMs = this.feed.state()?.durationMs;
    return durationMs === undefined ? undefined : formatDuration(durationMs);
  });
  protected readonly canRetry = computed(() =>
    ['failed', 'cancelled', 'succeeded_with_gaps'].includes(this.feed.state()?.status ?? ''),
  );
  protected readonly retryLabel = computed(() => {
    const status = this.feed.state()?.status;
    if (status === 'cancelled') return 'Go on from here';
    return status === 'failed' ? 'Retry from the failed step' : 'Try the skipped steps again';
  });
  /** Spoken once per change of step and at the end; nothing else is announced. */
  protected readonly announcement = computed(() => {
    const state = this.feed.state();
    if (state === undefined) return '';
    return this.feed.isEnded() ? (state.summary ?? this.look().label) : describeStep(state);
  });

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.load(id));
    });
    effect(() => this.#title.setTitle(this.#tabTitle()));
    effect(() => {
      if (this.feed.isEnded()) this.#liveRuns.markSeen(this.id());
    });
  }

  protected async load(id: string): Promise<void> {
    this.loadError.set(undefined);
    try {
      await this.feed.follow(id);
      const strategyId = this.feed.state()?.strategyId;
      if (strategyId !== undefined) this.name.set((await this.#strategies.read(strategyId)).name);
    } catch (error) {
      this.loadError.set(error);
    }
  }

  protected cancel(): Promise<void> {
    return this.#attempt('cancel', () => this.#api.cancel(this.id()));
  }

  protected retry(): Promise<void> {
    return this.#attempt('retry', async () => {
      await this.#api.retry(this.id());
      this.feed.goOn();
    });
  }

  protected async notify(): Promise<void> {
    this.willNotify.set(await this.#liveRuns.notifyAtEnd(this.id()));
  }

  #tabTitle(): string {
    const state = this.feed.state();
    const name = this.name() === '' ? 'Run' : this.name();
    if (state === undefined) return `${name} – Throughline`;
    return `${this.feed.isEnded() ? this.look().label : `${state.progress} %`} · ${name} – Throughline`;
  }

  async #attempt(what: 'cancel' | 'retry', work: () => Promise<void>): Promise<void> {
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

function describeStep({ step, steps }: RunState): string {
  const current = steps[step - 1];
  return current === undefined ? 'Waiting to start' : `Step ${step} of ${steps.length}: ${current.title.toLowerCase()}`;
}

function describeProgress(state: RunState | undefined): string {
  if (state === undefined) return '';
  return state.progress === 100 ? 'All steps are done' : describeStep(state);
}
