import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Session } from './session';

/** What happens when the server no longer knows the session: to the sign-in page, and from there back. */
@Injectable({ providedIn: 'root' })
export class SessionEnd {
  readonly #router = inject(Router);
  readonly #session = inject(Session);

  take(): void {
    this.#session.forget();
    const { url } = this.#router;
    if (!url.startsWith('/sign-in')) void this.#router.navigate(['/sign-in'], { queryParams: { returnUrl: url } });
  }
}
