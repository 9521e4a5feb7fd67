import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SseConnection } from '@throughline/ngx-sse';
import type { RunEvents } from '@throughline/sse-protocol';
import { clockSignal } from '../ui/clock';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';

interface Look {
  icon: IconName;
  tone: 'quiet' | 'live' | 'warn' | 'bad';
  label: string;
  /** What it means for the user. */
  comfort: string;
}

const SAFE = 'The run goes on without this page, and nothing is lost.';
const LOOKS: Record<ReturnType<SseConnection<RunEvents>['state']>, Look> = {
  idle: { icon: 'clock', tone: 'quiet', label: 'Connecting', comfort: '' },
  connecting: { icon: 'clock', tone: 'quiet', label: 'Connecting', comfort: '' },
  open: { icon: 'signal', tone: 'live', label: 'Live', comfort: 'You see each step as it happens.' },
  reconnecting: { icon: 'retry', tone: 'warn', label: 'Reconnecting', comfort: SAFE },
  polling: {
    icon: 'cloud',
    tone: 'quiet',
    label: 'Polling',
    comfort: 'The page asks every few seconds instead of following live. Nothing is lost.',
  },
  offline: { icon: 'offline', tone: 'warn', label: 'Offline', comfort: SAFE },
  closed: { icon: 'check', tone: 'quiet', label: 'Complete', comfort: '' },
  failed: { icon: 'alert', tone: 'bad', label: 'Not connected', comfort: SAFE },
};

/** How the page is connected, quietly: live, reconnecting, polling, offline. */
@Component({
  selector: 'tl-connection-chip',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="tl-chip" [attr.data-tone]="look().tone" [attr.data-state]="connection().state()">
      <tl-icon [name]="look().icon" />{{ label() }}
    </span>
    @if (canTryNow()) {
      <button type="button" (click)="connection().reconnect()">
        {{ connection().state() === 'polling' ? 'Try live' : 'Now' }}
      </button>
    }
    @if (look().comfort; as comfort) {
      <span class="tl-small tl-quiet">{{ comfort }}</span>
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
  readonly connection = input.required<SseConnection<RunEvents>>();
  readonly #now = clockSignal(500);

  protected readonly look = computed(() => LOOKS[this.connection().state()]);
  protected readonly canTryNow = computed(() =>
    ['reconnecting', 'offline', 'polling', 'failed'].includes(this.connection().state()),
  );
  protected readonly label = computed(() => {
    const state = this.connection().state();
    const at = this.connection().nextAttemptAt();
    if (state !== 'reconnecting' || at === undefined) return this.look().label;
    const seconds = Math.ceil((at.getTime() - this.#now()) / 1000);
    return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting';
  });
}
