import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { SseClient } from '@throughline/ngx-sse';
import type { SessionInfo } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';
import { discardUnsavedBriefs } from '../brief/unsaved-brief';

/** What a person signs in with: an account, or a one-time link's token. */
export type Credentials = { email: string; password: string } | { token: string };

/** Who is signed in. */
@Injectable({ providedIn: 'root' })
export class Session {
  readonly #http = inject(HttpClient);
  readonly #streams = inject(SseClient);
  readonly #info = signal<SessionInfo | undefined>(undefined);

  readonly info = this.#info.asReadonly();
  readonly isAdmin = computed(() => this.#info()?.user.role === 'admin');
  /** The transport that the operator asks for. */
  readonly transport = computed(() => this.#info()?.transport ?? 'auto');

  /** Asks the server who is signed in; `undefined` if nobody is. Other failures are thrown. */
  async load(): Promise<SessionInfo | undefined> {
    if (this.#info() !== undefined) return this.#info();
    try {
      this.#info.set(await firstValueFrom(this.#http.get<SessionInfo>('/api/v1/session')));
    } catch (error) {
      if (!(error instanceof HttpErrorResponse) || error.status !== 401) throw error;
    }
    return this.#info();
  }

  async signIn(credentials: Credentials): Promise<void> {
    await firstValueFrom(this.#http.post('/api/v1/session', credentials));
    this.#info.set(undefined);
    await this.load();
  }

  async signOut(): Promise<void> {
    await firstValueFrom(this.#http.delete('/api/v1/session'));
    discardUnsavedBriefs();
    this.forget();
  }

  /** The server no longer knows the session: nothing of what it let the user see is streamed any more. */
  forget(): void {
    this.#streams.closeAll();
    this.#info.set(undefined);
  }
}
