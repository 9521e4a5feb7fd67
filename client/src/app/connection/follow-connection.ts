import { type Signal, effect, inject, untracked } from '@angular/core';
import type { SseError } from '@throughline/ngx-sse';
import { SessionEnd } from '../sign-in/session-end';

interface Followed {
  readonly error: Signal<SseError | undefined>;
  reconnect(): void;
}

/**
 * Does what every stream of the app asks for when it cannot go on: a session that has ended leads to the sign-in. And
 * what is right to be silent for as long as it likes goes on where polling would give up. Call in an injection context.
 */
export function followConnection(connection: () => Followed | undefined, { maybeSilent = false } = {}): void {
  const sessionEnd = inject(SessionEnd);
  effect(() => {
    const followed = connection();
    const code = followed?.error()?.code;
    if (code === 'unauthorized') untracked(() => sessionEnd.take());
    else if (code === 'gave_up' && maybeSilent) untracked(() => followed?.reconnect());
  });
}
