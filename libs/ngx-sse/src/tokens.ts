import { DOCUMENT, inject, InjectionToken, NgZone } from '@angular/core';

/** Names a timer or frame that was asked for. */
export type TimerHandle = unknown;

/** Time, so that tests can hold it. */
export interface SseClock {
  /** Milliseconds since the epoch: wall time, because monotonic clocks stand still while a laptop sleeps. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
  /** Calls back before the next paint, or soon where nothing is painted. */
  requestFrame(callback: () => void): TimerHandle;
  cancelFrame(handle: TimerHandle): void;
}

/** The part of `EventSource` that is used. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

/** Makes event sources: the browser's `EventSource`, or one that works as it does. */
export type EventSourceConstructor = new (url: string, init: { withCredentials: boolean }) => EventSourceLike;

/** Clock of all connections. Default: the browser's. */
export const SSE_CLOCK = new InjectionToken<SseClock>('SSE_CLOCK', { providedIn: 'root', factory: createBrowserClock });

/** Source of randomness, 0 to 1, for jitter. Default: `Math.random`. */
export const SSE_RANDOM = new InjectionToken<() => number>('SSE_RANDOM', {
  providedIn: 'root',
  factory: () => () => Math.random(),
});

/** What makes event sources. Default: the browser's `EventSource`; `undefined` where there is none. */
export const SSE_EVENT_SOURCE = new InjectionToken<EventSourceConstructor | undefined>('SSE_EVENT_SOURCE', {
  providedIn: 'root',
  factory: () => inject(DOCUMENT).defaultView?.EventSource,
});

/** What requests pages. Default: the browser's `fetch`; `undefined` where there is none. */
export const SSE_FETCH = new InjectionToken<typeof fetch | undefined>('SSE_FETCH', {
  providedIn: 'root',
  factory: () => inject(DOCUMENT).defaultView?.fetch?.bind(inject(DOCUMENT).defaultView),
});

const HIDDEN_FRAME_MS = 100;

/** Of no zone: in an app with zone.js, its timers neither check the app nor keep it from being stable. */
function createBrowserClock(): SseClock {
  const zone = inject(NgZone);
  const cancelFrame = (handle: TimerHandle) => {
    const { timer, frame } = handle as { timer: ReturnType<typeof setTimeout>; frame: number };
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  return {
    now: () => Date.now(),
    setTimeout: (callback, delayMs) => zone.runOutsideAngular(() => setTimeout(callback, delayMs)),
    clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
    // Pages that are hidden, or become so before the frame, get none, and state kept for a title must still move.
    requestFrame: (callback) =>
      zone.runOutsideAngular(() => {
        const ring = () => {
          cancelFrame(handle);
          callback();
        };
        const handle = { timer: setTimeout(ring, HIDDEN_FRAME_MS), frame: requestAnimationFrame(ring) };
        return handle;
      }),
    cancelFrame,
  };
}
