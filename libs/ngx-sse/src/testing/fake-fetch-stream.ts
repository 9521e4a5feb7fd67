import type { StreamDecoder } from '@throughline/ngx-sse';
import { Immediate } from './immediate';
import { toResponse } from './test-page';
import type { TestFrame, TestRequest, TestSource } from './test-source';

type Chunk = ReadableStreamReadResult<string>;

/** A stream that is read by `fetch`, whose server is the test. Its bytes stay text, and what is sent is there at once. */
export class FakeFetchStream implements TestSource {
  readonly url: string;
  readonly withCredentials: boolean;
  readonly request: TestRequest;
  readonly listenerCount = 0;
  phase: TestSource['phase'] = 'connecting';
  readonly response = new Immediate<Response>();
  /** Read and not yet answered. */
  #pending: Immediate<Chunk> | undefined;
  readonly #chunks: (Chunk | Error)[] = [];

  constructor(url: string, init: RequestInit) {
    this.url = url;
    this.withCredentials = init.credentials === 'include';
    const headers = init.headers as Readonly<Record<string, string>>;
    this.request = { method: init.method ?? 'GET', headers, body: init.body ?? null };
    init.signal?.addEventListener('abort', () => (this.phase = 'closed'), { once: true });
  }

  accept(): void {
    this.phase = 'open';
    const response = toResponse(200, '', { 'content-type': 'text/event-stream' });
    const body = { getReader: () => ({ read: () => this.#read() }) };
    this.response.resolve(Object.assign(response, { body }) as unknown as Response);
  }

  send({ event, id, data }: TestFrame): void {
    const name = event === undefined ? '' : `event: ${event}\n`;
    const place = id === undefined ? '' : `id: ${id}\n`;
    const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
    this.write(`${name}${place}${lines.join('')}\n`);
  }

  comment(text: string): void {
    this.write(`: ${text}\n\n`);
  }

  retry(delayMs: number): void {
    this.write(`retry: ${delayMs}\n\n`);
  }

  write(text: string): void {
    this.#push({ done: false, value: text });
  }

  end(isOrderly: boolean): void {
    if (this.phase === 'connecting') this.response.reject(new TypeError('Failed to fetch'));
    else this.#push(isOrderly ? { done: true, value: undefined } : new TypeError('network error'));
    this.phase = 'closed';
  }

  refuse(status = 500, headers: Readonly<Record<string, string>>): void {
    this.response.resolve(toResponse(status, '{}', { 'content-type': 'application/problem+json', ...headers }));
    this.phase = 'closed';
  }

  #read(): Immediate<Chunk> {
    const read = (this.#pending = new Immediate<Chunk>());
    this.#answer();
    return read;
  }

  #push(chunk: Chunk | Error): void {
    this.#chunks.push(chunk);
    this.#answer();
  }

  #answer(): void {
    const pending = this.#pending;
    const chunk = pending && this.#chunks.shift();
    if (!pending || !chunk) return;
    this.#pending = undefined;
    if (chunk instanceof Error) pending.reject(chunk);
    else pending.resolve(chunk);
  }
}

/** Reads the text that stands for bytes in tests; jsdom has no `TextDecoder`. */
export function createTestDecoder(): StreamDecoder {
  return { decode: (text) => text as unknown as string };
}
