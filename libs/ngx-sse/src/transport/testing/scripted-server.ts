import type { Gap, Message } from '@throughline/sse-protocol';
import { settled } from '../../testing/test-page';
import type { SseTestingController, TestPage, TestStream } from '../../testing/index';

/** Transports that a connection can be told to use. */
export type TransportName = 'native' | 'fetch' | 'polling';

/** Where the stream of these specs is. */
export const URL = '/stream';

/** A server that follows one script, whatever way the client asks for it. */
export class ScriptedServer {
  readonly #controller: SseTestingController;
  readonly #name: () => TransportName;
  #stream: TestStream | undefined;
  #page: TestPage | undefined;

  constructor(controller: SseTestingController, name: () => TransportName) {
    this.#controller = controller;
    this.#name = name;
  }

  /** Whether there is a request that was not answered yet. */
  get isAsked(): boolean {
    this.#look();
    return this.#page !== undefined || this.#stream !== undefined;
  }

  /** What the request says besides its place. */
  get asked(): Record<string, unknown> {
    this.#look();
    const query = new URLSearchParams(this.#request.url.split('?', 2)[1]);
    for (const name of ['after', 'limit', 'lastEventId']) query.delete(name);
    const withCredentials = this.#stream?.withCredentials ?? this.#page?.init.credentials === 'include';
    return { ...Object.fromEntries(query), withCredentials };
  }

  /** Waits for the next request, and returns after which id it goes on. */
  async next(): Promise<string> {
    for (let i = 0; i < 60 && !this.isAsked; i += 1) await this.#controller.advance(1_000);
    const { url } = this.#request;
    return this.#stream?.lastEventId ?? new URLSearchParams(url.split('?', 2)[1]).get('after') ?? '';
  }

  async give(...messages: Message[]): Promise<void> {
    await this.#say({ messages });
  }

  async giveText(text: string, id: string): Promise<void> {
    await this.next();
    if (this.#stream) this.#opened().raw('message', text, id);
    else await this.#answer((page) => page.respond({ events: [{ event: 'message', id, data: text }] }));
  }

  async giveGap(gap: Gap, ...messages: Message[]): Promise<void> {
    await this.#say({ gap, messages });
  }

  async complete(...messages: Message[]): Promise<void> {
    await this.#say({ messages, status: 'succeeded' });
  }

  /** The network breaks. */
  async breakOff(): Promise<void> {
    await this.next();
    this.#stream?.drop();
    if (this.#page) await this.#answer((page) => page.drop());
    await this.#forget();
  }

  async refuse(status: number, headers: Record<string, string> = {}): Promise<void> {
    await this.next();
    this.#stream?.fail(status, headers);
    if (this.#page) await this.#answer((page) => page.respondWith(status, {}, headers));
    await this.#forget();
  }

  async #say(script: { gap?: Gap; messages: Message[]; status?: string }): Promise<void> {
    const { gap, messages, status } = script;
    await this.next();
    if (this.#page) {
      const more = { ...(gap && { gap }), ...(status !== undefined && { status }) };
      return this.#answer((page) => page.respond({ events: messages, ...more }));
    }
    const stream = this.#opened();
    if (gap) stream.control('stream.gap', gap);
    for (const { event, data, id } of messages) if (!stream.isClosed) stream.message(event, data, id);
    if (status !== undefined) stream.close('complete');
    await settled();
  }

  #opened(): TestStream {
    if (!this.#stream) throw new Error('There is no stream.');
    if (!this.#openStreams.has(this.#stream)) this.#openStreams.add(this.#stream.open());
    return this.#stream;
  }

  readonly #openStreams = new Set<TestStream>();

  async #answer(answer: (page: TestPage) => Promise<void>): Promise<void> {
    const page = this.#page;
    this.#page = undefined;
    if (page) await answer(page);
    await settled();
  }

  async #forget(): Promise<void> {
    this.#stream = undefined;
    await settled();
  }

  get #request(): TestStream | TestPage {
    const request = this.#stream ?? this.#page;
    if (!request) throw new Error('The client asks for nothing.');
    return request;
  }

  #look(): void {
    const isPolling = this.#name() === 'polling';
    if (this.#stream?.isClosed) this.#stream = undefined;
    if (this.#page?.isAborted) this.#page = undefined;
    const [stream] = isPolling ? [] : this.#controller.match(URL);
    const [page] = isPolling ? this.#controller.matchPages(URL) : [];
    this.#stream = stream ?? this.#stream;
    this.#page = page ?? this.#page;
  }
}
