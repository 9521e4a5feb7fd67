import { ChangeDetectionStrategy, Component, type OnInit, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { BrandMark } from '../ui/brand-mark';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { safeReturnUrl } from './return-url';
import { type Credentials, Session } from './session';

/** Signs in by e-mail and password, or by a one-time link (`?token=…`). */
@Component({
  imports: [BrandMark, MatButton, Notice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <div class="panel">
        <div class="brand"><tl-brand-mark /><span>Throughline</span></div>
        <h1>Sign in</h1>
        <p class="tl-quiet lead">A content strategy, made live from your brief and your own content.</p>
        @if (failure(); as detail) {
          <tl-notice tone="bad">{{ detail }}</tl-notice>
        }
        @if (isUsingLink()) {
          <p role="status">Signing you in with your link…</p>
        } @else {
          <form (submit)="submit($event)" novalidate>
            <div>
              <label class="tl-label" for="email">E-mail</label>
              <input
                #email
                class="tl-input"
                id="email"
                name="email"
                type="email"
                autocomplete="username"
                required
                [attr.aria-invalid]="isMissing() && email.value === ''"
              />
            </div>
            <div>
              <label class="tl-label" for="password">Password</label>
              <input
                #password
                class="tl-input"
                id="password"
                name="password"
                type="password"
                autocomplete="current-password"
                required
                [attr.aria-invalid]="isMissing() && password.value === ''"
              />
            </div>
            <button matButton="filled" type="submit" [disabled]="isBusy()" disabledInteractive>
              {{ isBusy() ? 'Signing in…' : 'Sign in' }}
            </button>
          </form>
        }
      </div>
    </main>
  `,
  styles: `
    main {
      display: grid;
      place-items: center;
      min-height: 100dvh;
      padding: 2rem var(--tl-gutter);
      background:
        radial-gradient(60rem 30rem at 85% -10%, var(--mat-sys-primary-container), transparent 70%),
        radial-gradient(40rem 24rem at 0% 110%, var(--mat-sys-tertiary-container), transparent 70%);
    }

    .panel {
      display: grid;
      gap: 1rem;
      width: min(100%, 25rem);
      padding: clamp(1.5rem, 6vw, 2.5rem);
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 22px;
      background: var(--mat-sys-surface-container-lowest);
    }

    .brand {
      display: flex;
      align-items: center;
      gap: 0.625rem;
      font-family: var(--tl-serif);
      font-size: 1.125rem;
      font-weight: 600;
    }

    .lead {
      margin-bottom: 0.5rem;
    }

    form {
      display: grid;
      gap: 1rem;
    }

    button {
      margin-top: 0.5rem;
    }
  `,
})
export class SignInPage implements OnInit {
  readonly #session = inject(Session);
  readonly #router = inject(Router);

  /** From the query. */
  readonly token = input<string>();
  readonly returnUrl = input<string>();
  readonly unreachable = input<string>();

  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly isUsingLink = signal(false);
  protected readonly isMissing = signal(false);

  ngOnInit(): void {
    const token = this.token();
    if (token !== undefined) {
      this.isUsingLink.set(true);
      void this.#signIn({ token });
    } else if (this.unreachable() !== undefined) {
      this.failure.set('The server can’t be reached at the moment. Try to sign in again shortly.');
    }
  }

  protected submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.isBusy()) return;
    const form = new FormData(event.target as HTMLFormElement);
    const email = String(form.get('email') ?? '').trim();
    const password = String(form.get('password') ?? '');
    this.isMissing.set(email === '' || password === '');
    if (this.isMissing()) this.failure.set('Fill in your e-mail and your password.');
    else void this.#signIn({ email, password });
  }

  async #signIn(credentials: Credentials): Promise<void> {
    this.isBusy.set(true);
    this.failure.set(undefined);
    try {
      await this.#session.signIn(credentials);
      // Replaced, so that the one-time token does not stay in the history.
      await this.#router.navigateByUrl(safeReturnUrl(this.returnUrl()), { replaceUrl: true });
    } catch (error) {
      this.failure.set(toProblem(error).detail);
    } finally {
      this.isBusy.set(false);
      this.isUsingLink.set(false);
    }
  }
}
