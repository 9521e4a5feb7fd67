import { DOCUMENT, inject, InjectionToken } from '@angular/core';

/** The part of `LockManager` that is used. */
export interface LockManagerLike {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    whenGranted: () => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** The part of `BroadcastChannel` that is used. */
export interface BroadcastChannelLike {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** Makes channels: the browser's `BroadcastChannel`, or one that works as it does. */
export type BroadcastChannelConstructor = new (name: string) => BroadcastChannelLike;

/** What elects the tab that reads for all. Default: the browser's; `undefined` where it has none, as in insecure contexts. */
export const SSE_LOCKS = new InjectionToken<LockManagerLike | undefined>('SSE_LOCKS', {
  providedIn: 'root',
  // Typed as always there, which it is not.
  factory: () => inject(DOCUMENT).defaultView?.navigator.locks as LockManagerLike | undefined,
});

/** What tabs talk through. Default: the browser's `BroadcastChannel`; `undefined` where there is none. */
export const SSE_BROADCAST_CHANNEL = new InjectionToken<BroadcastChannelConstructor | undefined>(
  'SSE_BROADCAST_CHANNEL',
  { providedIn: 'root', factory: () => inject(DOCUMENT).defaultView?.BroadcastChannel },
);
