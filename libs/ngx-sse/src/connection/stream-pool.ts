import type { Cursor } from '@throughline/sse-protocol';
import type { StreamPorts } from '../stream/session-ports';
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

  /** Joins a stream that still has everything after `cursor`, or opens one. */
  join(url: string, events: ReadonlySet<string>, cursor: Cursor, reader: StreamReader): SharedStream {
    const key = JSON.stringify([url, ...[...events].sort()]);
    const running = this.#joinable.get(key);
    if (running?.join(reader, cursor)) return running;
    const stream: SharedStream = new SharedStream(this.#ports, { url, events, start: cursor }, () => {
      this.#all.delete(stream);
      if (this.#joinable.get(key) === stream) this.#joinable.delete(key);
      if (this.#all.size === 0) this.#pageLife.stop();
    });
    if (this.#all.size === 0) this.#pageLife.start(this.#all);
    this.#all.add(stream);
    if (!running) this.#joinable.set(key, stream);
    stream.join(reader, cursor);
    return stream;
  }
}
