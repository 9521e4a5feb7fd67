import {
  ChangeDetectionStrategy,
  Component,
  type Signal,
  computed,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { SSE_CLOCK, type SseState, type TimerHandle } from '@throughline/ngx-sse';
import { Session } from '../sign-in/session';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';

/** The part of an `SseConnection` that is shown, whatever its events. */
export interface ShownConnection {
  readonly state: Signal<SseState>;
  readonly nextAttemptAt: Signal<Date | undefined>;
  reconnect(): void;
}

interface Look {
  icon: IconName;
  tone: 'quiet' | 'live' | 'warn' | 'bad';
  label: string;
  /** What the button beside it says, where trying now is better than later. */
  button?: string;
}

const LOOKS: Record<SseState, Look> = {
  idle: { icon: 'clock', tone: 'quiet', label: 'Connecting' },
  connecting: { icon: 'clock', tone: 'quiet', label: 'Connecting' },
  open: { icon: 'signal', tone: 'live', label: 'Live' },
  reconnecting: { icon: 'retry', tone: 'warn', label: 'Reconnecting', button: 'Now' },
  polling: { icon: 'cloud', tone: 'quiet', label: 'Polling', button: 'Try live' },
  offline: { icon: 'offline', tone: 'warn', label: 'Offline', button: 'Try now' },
  closed: { icon: 'check', tone: 'quiet', label: 'Complete' },
  failed: { icon: 'alert', tone: 'bad', label: 'Not connected' },
};

const SECOND_MS = 1000;

/** How the page is connected, quietly: live, reconnecting, polling, offline; and that nothing is lost. */
@Component({
  selector: 'tl-connection-chip',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="tl-chip tl-tabular" [attr.data-tone]="look().tone" [attr.data-state]="connection().state()">
      <tl-icon [name]="look().icon" />{{ label() }}
    </span>
    @if (button(); as text) {
      <button type="button" (click)="connection().reconnect()">{{ text }}</button>
    }
    @if (note(); as text) {
      <span class="tl-small tl-quiet">{{ text }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.375rem 0.625rem;
    }

    button {
      min-height: 1.75rem;
      padding: 0 0.75rem;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 999px;
      background: none;
      font-size: 0.8125rem;
      font-weight: 600;
      cursor: pointer;
    }

    button:hover {
      background: var(--mat-sys-surface-container);
    }
  `,
})
export class ConnectionChip {
  readonly connection = input.required<ShownConnection>();
  /** What it means to be live. */
  readonly liveNote = input.required<string>();
  /** Why a lost connection loses nothing. */
  readonly safeNote = input.required<string>();

  readonly #session = inject(Session);
  readonly #clock = inject(SSE_CLOCK);
  readonly #now = signal(this.#clock.now());

  protected readonly look = computed(() => LOOKS[this.connection().state()]);
  protected readonly button = computed(() => {
    const isChosen = this.connection().state() === 'polling' && this.#session.transport() === 'polling';
    return isChosen ? undefined : this.look().button;
  });
  protected readonly note = computed(() => {
    const state = this.connection().state();
    if (state === 'open') return this.liveNote();
    if (state === 'polling') return 'The page asks every few seconds instead of following live. Nothing is lost.';
    return this.look().button === undefined ? '' : this.safeNote();
  });
  readonly #waitUntilMs = computed(() =>
    this.connection().state() === 'reconnecting' ? this.connection().nextAttemptAt()?.getTime() : undefined,
  );
  protected readonly label = computed(() => {
    const untilMs = this.#waitUntilMs();
    const seconds = untilMs === undefined ? 0 : Math.ceil((untilMs - this.#now()) / SECOND_MS);
    return seconds > 0 ? `Reconnecting in ${seconds} s` : this.look().label;
  });

  constructor() {
    // Counts down only while there is something to wait for.
    effect((onCleanup) => {
      const untilMs = this.#waitUntilMs();
      if (untilMs === undefined) return;
      let timer: TimerHandle;
      const tick = () => {
        const now = this.#clock.now();
        this.#now.set(now);
        const leftMs = untilMs - now;
        if (leftMs > 0) timer = this.#clock.setTimeout(tick, leftMs % SECOND_MS || SECOND_MS);
      };
      tick();
      onCleanup(() => this.#clock.clearTimeout(timer));
    });
  }
}
