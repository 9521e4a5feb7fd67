import type { StreamPorts, StreamRequest } from '../stream/session-ports';
import type { PageLife } from './page-life';
import { SharedStream, type StreamReader } from './shared-stream';

/** Finds the stream that readers of one URL share: browsers allow six connections per origin over HTTP/1.1. */
export class StreamPool {
  readonly #ports: StreamPorts;
  readonly #pageLife: PageLife;
  readonly #joinable = new Map<string, SharedStream>();
  readonly #all = new Set<SharedStream>();

  constructor(ports: StreamPorts, pageLife: PageLife) {
    this.#ports = ports;
    this.#pageLife = pageLife;
  }

  /** Joins a stream that still has everything after the start, or opens one. */
  join(request: StreamRequest, reader: StreamReader): SharedStream {
    const key = keyOf(request);
    const running = key === undefined ? undefined : this.#joinable.get(key);
    if (running?.join(reader, request.start)) return running;
    const stream: SharedStream = new SharedStream(this.#ports, request, () => {
      this.#all.delete(stream);
      if (key !== undefined && this.#joinable.get(key) === stream) this.#joinable.delete(key);
      if (this.#all.size === 0) this.#pageLife.stop();
    });
    if (this.#all.size === 0) this.#pageLife.start(this.#all);
    this.#all.add(stream);
    if (key !== undefined && !running) this.#joinable.set(key, stream);
    stream.join(reader, request.start);
    return stream;
  }
}

/** What streams must have in common to be one; `undefined` for what is nobody else's: its own requests, its own choices. */
function keyOf({ url, events, transport, init }: StreamRequest): string | undefined {
  if (init || typeof transport === 'function') return undefined;
  return JSON.stringify([url, transport, ...[...events].sort()]);
}
