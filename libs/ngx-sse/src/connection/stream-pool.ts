import type { StreamPorts, StreamRequest } from '../stream/session-ports';
import type { PageLife } from './page-life';
import { SharedStream, type StreamReader } from './shared-stream';

/** Finds the stream that readers of one URL share: browsers allow six connections per origin over HTTP/1.1. */
export class StreamPool {
  readonly #ports: StreamPorts;
  readonly #pageLife: PageLife;
  /** Streams and what others must have in common with them to join. */
  readonly #streams = new Map<SharedStream, string | undefined>();

  constructor(ports: StreamPorts, pageLife: PageLife) {
    this.#ports = ports;
    this.#pageLife = pageLife;
  }

  /** Joins a stream that still has everything after the start, or opens one. */
  join(request: StreamRequest, reader: StreamReader): SharedStream {
    const key = keyOf(request);
    for (const [running, itsKey] of this.#streams) {
      if (key !== undefined && itsKey === key && running.join(reader, request.start)) return running;
    }
    const stream: SharedStream = new SharedStream(this.#ports, request, () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#pageLife.stop();
    });
    if (this.#streams.size === 0) this.#pageLife.start(this.#streams);
    this.#streams.set(stream, key);
    stream.join(reader, request.start);
    return stream;
  }

  /** The user signs out: tells those with whom streams are shared. */
  signOut(): void {
    for (const stream of this.#streams.keys()) stream.session.signOut?.();
  }
}

/** What streams must have in common to be one; `undefined` for what is nobody else's: its own requests, its own choices. */
export function keyOf({ url, events, transport, init }: StreamRequest): string | undefined {
  if (init || typeof transport === 'function') return undefined;
  return JSON.stringify([url, transport, ...[...events].sort()]);
}
