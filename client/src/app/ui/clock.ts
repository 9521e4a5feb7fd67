import { DestroyRef, type Signal, inject, signal } from '@angular/core';

/** The time in milliseconds, renewed every `everyMs` while the caller lives. Call in an injection context. */
export function clockSignal(everyMs: number): Signal<number> {
  const now = signal(Date.now());
  const timer = setInterval(() => now.set(Date.now()), everyMs);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return now.asReadonly();
}
