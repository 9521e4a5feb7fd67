import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Session } from '../sign-in/session';
import { BrandMark } from '../ui/brand-mark';
import { AccountMenu } from './account-menu';
import { LiveRuns } from './live-runs';
import { RunningChip } from './running-chip';

/** The frame of every page behind the sign-in: header, navigation, main. */
@Component({
  selector: 'tl-shell',
  imports: [AccountMenu, BrandMark, RouterLink, RouterLinkActive, RouterOutlet, RunningChip],
  providers: [LiveRuns],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <a class="skip" href="#main" (click)="skip($event, main)">Skip to content</a>
    <header>
      <div class="bar">
        <a class="brand" routerLink="/strategies" aria-label="Throughline, to your strategies">
          <tl-brand-mark /><span class="word">Throughline</span>
        </a>
        <nav aria-label="Main">
          <a class="nav" routerLink="/strategies" routerLinkActive="here" ariaCurrentWhenActive="page">Strategies</a>
          <a class="nav" routerLink="/content" routerLinkActive="here" ariaCurrentWhenActive="page">Content</a>
        </nav>
        <span class="space"></span>
        <tl-running-chip />
        <tl-account-menu />
      </div>
    </header>
    <main #main id="main" tabindex="-1"><router-outlet /></main>
  `,
  styles: `
    header {
      position: sticky;
      top: 0;
      z-index: 10;
      background: color-mix(in srgb, var(--mat-sys-surface) 92%, transparent);
      backdrop-filter: blur(10px);
      border-bottom: 1px solid var(--mat-sys-outline-variant);
    }

    .bar {
      display: flex;
      align-items: center;
      gap: 0.25rem clamp(0.5rem, 2vw, 1.5rem);
      max-width: var(--tl-page);
      min-height: 4rem;
      margin-inline: auto;
      padding-inline: var(--tl-gutter);
    }

    .brand {
      display: inline-flex;
      align-items: center;
      gap: 0.625rem;
      color: var(--mat-sys-on-surface);
      font-family: var(--tl-serif);
      font-size: 1.25rem;
      font-weight: 600;
      letter-spacing: -0.01em;
      text-decoration: none;
    }

    nav {
      display: flex;
    }

    .nav {
      position: relative;
      padding: 0.5rem 0.75rem;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.9375rem;
      font-weight: 500;
      text-decoration: none;
      border-radius: 8px;
    }

    .nav:hover {
      color: var(--mat-sys-on-surface);
      background: var(--mat-sys-surface-container);
    }

    .here {
      color: var(--mat-sys-on-surface);
    }

    .here::after {
      content: '';
      position: absolute;
      inset: auto 0.75rem 0.125rem;
      height: 2px;
      border-radius: 2px;
      background: var(--mat-sys-primary);
    }

    .space {
      flex: 1;
    }

    main {
      outline: none;
    }

    .skip {
      position: absolute;
      inset: -4rem auto auto 1rem;
      z-index: 20;
      padding: 0.5rem 1rem;
      border-radius: 8px;
      background: var(--mat-sys-primary);
      color: var(--mat-sys-on-primary);
    }

    .skip:focus {
      top: 0.5rem;
    }

    @media (max-width: 40rem) {
      .word {
        display: none;
      }

      .bar {
        gap: 0.25rem;
      }

      .nav {
        padding-inline: 0.4375rem;
      }

      .here::after {
        inset-inline: 0.4375rem;
      }
    }
  `,
})
export class Shell {
  protected readonly session = inject(Session);

  protected skip(event: Event, main: HTMLElement): void {
    // The base href would make a bare fragment leave the page.
    event.preventDefault();
    main.focus();
  }
}
