import { DOCUMENT, inject } from '@angular/core';
import { keyOf } from '../connection/stream-pool';
import { isDev } from '../dev-mode';
import { createFeature, type SseFeature } from '../sse-feature';
import type { SessionFactory } from '../stream/session-ports';
import { SSE_BROADCAST_CHANNEL, SSE_LOCKS } from './tab-platform';
import { TabSession } from './tab-session';

/** How tabs share streams. */
export interface CrossTabSharingOptions {
  /**
   * Names the user, by an id and never by a token: a stream of one is never given to another. Runs in an injection context
   * whenever a stream opens; `undefined` shares nothing. Without it, all tabs of the origin count as one user's, so leave it
   * out only where they cannot sign in as different ones.
   */
  readonly scope?: () => string | undefined;
  /**
   * How long a leading tab has to answer before others take it for frozen and one of them takes over. A tab that is closed or
   * killed is replaced at once. Default 5,000.
   */
  readonly leaderTimeoutMs?: number;
}

/** Changes whenever tabs of two versions would not understand each other. */
const PREFIX = 'ngx-sse/1';

/**
 * Lets all tabs of one origin share one connection for each stream of a user: one tab reads and tells the others, because browsers
 * allow six connections per origin over HTTP/1.1. Each tab gets each message exactly once, in order, also when the reading
 * tab is closed, killed or frozen. Where Web Locks or `BroadcastChannel` are missing, each tab connects for itself.
 *
 * Throws a `RangeError` if the timeout is no positive number.
 */
export function withCrossTabSharing(options: CrossTabSharingOptions = {}): SseFeature {
  const { scope = () => '', leaderTimeoutMs = 5_000 } = options;
  if (!(leaderTimeoutMs > 0)) {
    throw new RangeError(isDev ? `A positive number is needed, not ${leaderTimeoutMs}.` : '');
  }
  const openSession: SessionFactory = (ports, request, owner) =>
    ports.run(() => {
      const locks = inject(SSE_LOCKS);
      const Channel = inject(SSE_BROADCAST_CHANNEL);
      const user = scope();
      const key = keyOf({ ...request, url: absolute(request.url, inject(DOCUMENT).baseURI) });
      if (!locks || !Channel || user === undefined || key === undefined) return undefined;
      const userName = `${PREFIX} ${JSON.stringify(user)}`;
      const streamName = `${userName} ${key}`;
      return new TabSession({ stream: ports, locks, Channel, streamName, userName, leaderTimeoutMs }, request, owner);
    });
  return createFeature((config) => ({ ...config, openSession }));
}

function absolute(url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch {
    return url; // no URL, which the server's answer, or the lack of one, will tell
  }
}
