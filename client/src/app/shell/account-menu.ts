import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import { Session } from '../sign-in/session';
import { Icon } from '../ui/icon';
import { toProblem } from '../ui/problem';

/** Who is signed in, and the way out. */
@Component({
  selector: 'tl-account-menu',
  imports: [Icon, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matIconButton type="button" [matMenuTriggerFor]="menu" aria-label="Account">
      <tl-icon name="user" />
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      <div class="who" role="presentation">
        <span class="tl-small tl-quiet">Signed in as</span>
        <span>{{ session.info()?.user?.email }}</span>
      </div>
      @if (session.isAdmin()) {
        <a mat-menu-item routerLink="/operations">Operations</a>
      }
      <button mat-menu-item type="button" (click)="signOut()">Sign out</button>
    </mat-menu>
    <span class="tl-visually-hidden" role="alert">{{ failure() }}</span>
  `,
  styles: `
    .who {
      display: grid;
      padding: 0.5rem 0.75rem 0.75rem;
      border-bottom: 1px solid var(--mat-sys-outline-variant);
      overflow-wrap: anywhere;
    }
  `,
})
export class AccountMenu {
  protected readonly session = inject(Session);
  readonly #router = inject(Router);
  protected readonly failure = signal('');

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.#router.navigate(['/sign-in']);
    } catch (error) {
      this.failure.set(toProblem(error).detail);
    }
  }
}
