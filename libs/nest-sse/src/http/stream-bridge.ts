import { Observable } from 'rxjs';
import type { StreamHead } from './stream-head.js';

/**
 * What Nest's `@Sse()` subscribes to, so that it owns the response's headers, its end and the disconnect; the frames
 * themselves are written to the response directly. Nothing is emitted through Nest: its per-message path invents ids
 * for messages without one, encodes again for each connection and runs the app's interceptors, which may wrap a message
 * in an envelope.
 *
 * @param begin called when the headers have left; gets what ends the response after all that was written
 * @param detach called when Nest no longer listens, also after the end
 */
export function bridge(
  head: StreamHead,
  begin: (endResponse: () => void) => void,
  detach: () => void,
): Observable<never> {
  return new Observable((subscriber) => {
    head.whenOut(() => begin(() => subscriber.complete()));
    return detach;
  });
}
