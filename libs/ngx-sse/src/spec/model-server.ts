import type { CloseReason, EventPage, Gap } from '@throughline/sse-protocol';
import { settled } from '../testing/test-page';
import type { SseTestingController, TestPage, TestStream } from '../testing/index';
import { pageEvents, statusData, URL } from './set-up-client';

/** A server with one log, as the protocol describes it: ids from 1 without holes, trimmed from the front. */
export class ModelServer {
  readonly #controller: SseTestingController;
  #tail = 0;
  #trimmed = 0;
  #stream: TestStream | undefined;
  #isServing = false;
  /** The last id sent on the stream. */
  #sent = 0;
  /** Whether the first message was ever sent: what was trimmed before is told of by a gap, and never comes. */
  #hasSentFirst = false;
  #page: TestPage | undefined;

  constructor(controller: SseTestingController) {
    this.#controller = controller;
  }

  get tail(): number {
    return this.#tail;
  }

  /** Requests under way: connections, and pages that are waited for. */
  get load(): number {
    this.#look();
    const isPageWaited = this.#page !== undefined && !this.#page.isAborted;
    return this.#controller.openConnections + (isPageWaited ? 1 : 0);
  }

  append(): void {
    this.#tail += 1;
    if (this.#look() && this.#isServing) this.#sendRest();
  }

  trim(): void {
    this.#trimmed = this.#tail;
  }

  /** The connection breaks, and what is written before it is back is soon trimmed. */
  loseHistory(): void {
    this.drop();
    this.#tail += 2;
    this.#trimmed = this.#tail - 1;
  }

  accept(): void {
    if (this.#look() && !this.#isServing && !this.#stream?.isClosed) this.#serve();
  }

  /** Sends something that changes nothing: an old message, one without an id, a heartbeat. */
  chatter(kind: 'old' | 'idless' | 'heartbeat'): void {
    if (!this.#look() || !this.#isServing) return;
    if (kind === 'heartbeat') this.#stream?.heartbeat();
    // An old id and then the newest, so that the next message without an id repeats the newest.
    else if (kind === 'old' && this.#hasSentFirst && this.#sent > 1) {
      this.#stream?.message('status', statusData(), '1').message('status', statusData(), String(this.#sent));
    } else if (kind === 'idless') this.#stream?.message('progress', {});
  }

  drop(): void {
    if (this.#look()) this.#stream?.drop();
  }

  fail(): void {
    if (this.#look() && !this.#isServing) this.#stream?.fail(500);
  }

  close(reason: CloseReason, retryAfterMs: number): void {
    if (this.#look()) this.#stream?.close(reason, retryAfterMs);
  }

  async answerPage(answer: 'page' | 'drop' | 503): Promise<void> {
    this.#look();
    const page = this.#page;
    if (!page || page.isAborted) return;
    this.#page = undefined;
    if (answer === 'drop') return page.drop();
    if (answer === 503) return page.respondWith(503, {}, { 'Retry-After': '3' });
    await page.respond(this.#makePage(cursorIn(page.url, 'after')));
  }

  #makePage(after: number): Partial<EventPage> {
    const gap = this.#gapAfter(after);
    const from = gap ? Number(gap.to) : after;
    const ids = Array.from({ length: Math.min(2, this.#tail - from) }, (_, i) => from + i + 1);
    const cursor = String(ids.at(-1) ?? from);
    return {
      events: pageEvents(...ids),
      cursor: cursor === '0' ? '' : cursor,
      more: Number(cursor) < this.#tail,
      status: 'running',
      ...(gap && { gap }),
    };
  }

  #serve(): void {
    const after = cursorIn(this.#stream?.url ?? '', 'lastEventId');
    this.#isServing = true;
    this.#stream?.open();
    const gap = this.#gapAfter(after);
    this.#sent = gap ? Number(gap.to) : after;
    if (gap) this.#stream?.control('stream.gap', gap);
    this.#sendRest();
  }

  #sendRest(): void {
    while (this.#sent < this.#tail && !this.#stream?.isClosed) {
      this.#sent += 1;
      this.#hasSentFirst ||= this.#sent === 1;
      this.#stream?.message('status', statusData(), String(this.#sent));
    }
  }

  #gapAfter(after: number): Gap | undefined {
    if (after >= this.#trimmed) return undefined;
    return { reason: 'trimmed', from: String(after), to: String(this.#trimmed), snapshot: '/snapshot' };
  }

  /** Takes up new requests; returns whether there is a connection. */
  #look(): boolean {
    const [stream, ...more] = this.#controller.match(URL);
    const [page, ...morePages] = this.#controller.matchPages(URL);
    if (more.length + morePages.length > 0) throw new Error('There is more than one new request.');
    if (stream) {
      this.#stream = stream;
      this.#isServing = false;
    }
    if (page) this.#page = page;
    return this.#stream !== undefined && !this.#stream.isClosed;
  }
}

function cursorIn(url: string, parameter: string): number {
  return Number(new URLSearchParams(url.split('?', 2)[1]).get(parameter) ?? '0');
}

/** A snapshot endpoint that the model settles. */
export class ModelSnapshots {
  #waiting: { readonly gap: Gap; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  /** Asks for a snapshot. */
  readonly onGap = (gap: Gap): Promise<void> =>
    new Promise<void>((resolve, reject) => this.#waiting.push({ gap, resolve, reject }));

  async settle(isGood: boolean): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of waiting) {
      if (isGood) resolve();
      else reject(new Error('no snapshot'));
    }
    await settled();
  }
}
