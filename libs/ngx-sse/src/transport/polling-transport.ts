import { Backoff } from '../stream/backoff';
import type { PollingParts } from '../stream/session-ports';
import { Fallback } from './fallback';
import { Poller } from './poller';

/** JSON pages instead of the stream, and what decides when. */
export const POLLING_PARTS: PollingParts = {
  createTransport: (ports) => {
    // For as long as the stream lives: polling that is interrupted by a trial of the stream goes on with its delays.
    const backoff = new Backoff(ports.config.reconnect, ports.random);
    return { kind: 'polling', open: (request, events) => new Poller(ports, backoff, request, events) };
  },
  createFallback: (ports) => new Fallback(ports),
};
