import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink } from '@angular/router';
import { filter, map, startWith } from 'rxjs';
import { Icon } from '../ui/icon';
import { RUN_STATUS_LOOKS } from '../ui/run-status';
import { LiveRuns } from './live-runs';

/** A run that goes on, or has ended, while the user is on another page. */
@Component({
  selector: 'tl-running-chip',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as run) {
      <a class="tl-chip" [attr.data-tone]="look().tone" [routerLink]="['/runs', run.runId]">
        <span class="pulse" [class.still]="!isActive()"><tl-icon [name]="look().icon" /></span>
        <span class="text">{{ text() }}</span>
      </a>
    }
  `,
  styles: `
    a {
      text-decoration: none;
      min-height: 2rem;
    }

    a:hover .text {
      text-decoration: underline;
    }

    .pulse {
      display: inline-flex;
      animation: pulse 2s ease-in-out infinite;
    }

    .still {
      animation: none;
    }

    @keyframes pulse {
      50% {
        opacity: 0.35;
      }
    }

    @media (max-width: 30rem) {
      .text {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
  `,
})
export class RunningChip {
  readonly #runs = inject(LiveRuns);
  readonly #router = inject(Router);
  readonly #url = toSignal(
    this.#router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.#router.url),
      startWith(this.#router.url),
    ),
    { requireSync: true },
  );

  protected readonly shown = computed(() => {
    const elsewhere = [...this.#runs.active(), ...this.#runs.unread()].filter(
      ({ runId }) => !this.#url().startsWith(`/runs/${runId}`),
    );
    return elsewhere[0];
  });
  protected readonly isActive = computed(() => this.#runs.active().includes(this.shown()!));
  protected readonly look = computed(() => RUN_STATUS_LOOKS[this.shown()?.status ?? 'queued']);
  protected readonly text = computed(() => {
    const count = this.#runs.active().length;
    if (this.isActive()) return count > 1 ? `${count} strategies being made` : 'A strategy is being made';
    const isReady = this.look().tone === 'good' || this.shown()?.status === 'succeeded_with_gaps';
    return isReady ? 'Your strategy is ready' : `A run has ended: ${this.look().label.toLowerCase()}`;
  });
}
