import type { CloseReason } from '@throughline/sse-protocol';
import type { SseTestingController, TestPage, TestStream } from '../../testing/index';
import { statusData, URL } from '../set-up-client';
import { cursorOf, ModelLog, placeOf } from './model-log';

/** What a server may answer to a request of a page. */
export type PageAnswer = 'page' | 'drop' | 'portal' | 401 | 404 | 429 | 500 | 503;

/** A server with one log that does as the protocol says, and whatever else the model makes of it. */
export class ModelServer {
  readonly log = new ModelLog();
  readonly #controller: SseTestingController;
  #stream: TestStream | undefined;
  #isServing = false;
  /** Its header was sent, and nothing else. */
  #isHeld = false;
  /** Offset of the last message sent on the stream. */
  #sent = 0;
  /** Offset of the first message sent on the stream. */
  #firstSent: number | undefined;
  /** Offset of the last message on the stream, old ones included. */
  #lastSent: number | undefined;
  #page: TestPage | undefined;

  constructor(controller: SseTestingController) {
    this.#controller = controller;
  }

  /** Requests under way: connections, and pages that are waited for. */
  get load(): number {
    this.#look();
    const isPageWaited = this.#page !== undefined && !this.#page.isAborted;
    return this.#controller.openConnections + (isPageWaited ? 1 : 0);
  }

  append(): void {
    this.log.append();
    if (this.#look() && this.#isServing) this.#sendRest();
  }

  /** The run ends. */
  finish(): void {
    this.log.hasEnded = true;
    if (this.#look() && this.#isServing) this.#stream?.close('complete');
  }

  /** The connection breaks, and what is written before it is back is soon trimmed. */
  loseHistory(): void {
    this.drop();
    this.log.append(2);
    this.log.trim(1);
  }

  /** The server is started anew, without its log. */
  restart(): void {
    this.drop();
    this.log.restart();
  }

  /** Serves; with `again`, the message at the client's cursor is sent once more. */
  accept(again = 0): void {
    if (this.#look() && !this.#isServing) this.#serve(again);
  }

  /** Sends the header only, as a proxy that buffers. */
  hold(): void {
    if (!this.#look() || this.#isServing || this.#isHeld) return;
    this.#stream?.accept();
    this.#isHeld = true;
  }

  /** Sends something that changes nothing: an old message, one without an id, a heartbeat. */
  chatter(kind: 'old' | 'idless' | 'old, idless' | 'heartbeat'): void {
    if (!this.#look() || !this.#isServing) return;
    if (kind === 'heartbeat') this.#stream?.heartbeat();
    // The same id twice in a row is how EventSource shows a message that has none.
    const old = this.#firstSent === this.#lastSent ? undefined : this.#firstSent;
    if (kind.startsWith('old') && old !== undefined) this.#send(old);
    if (kind.endsWith('idless')) this.#stream?.message('progress', {});
  }

  drop(): void {
    if (this.#look()) this.#stream?.drop();
  }

  /** Ends the answer in good order, without a word. */
  end(): void {
    if (this.#look() && (this.#isServing || this.#isHeld)) this.#stream?.end();
  }

  /** Answers with something that is no stream. An EventSource hides what, and the page that explains it is the model's. */
  fail(status: number): void {
    if (!this.#look() || this.#isServing || this.#isHeld) return;
    if (this.#seesStatus) this.#stream?.fail(status, { 'Retry-After': '3' });
    else this.#stream?.fail();
  }

  /** Says how long to wait, or something that only some can hear. */
  say(what: 'comment' | 'retry 0' | 'retry 90000'): void {
    if (!this.#look() || !this.#isServing) return;
    if (what === 'comment') this.#stream?.comment('still here');
    else this.#stream?.retry(Number(what.slice('retry '.length)));
  }

  close(reason: CloseReason, retryAfterMs: number): void {
    if (this.#look()) this.#stream?.close(reason, retryAfterMs);
  }

  answerPage(answer: PageAnswer): void {
    this.#look();
    const page = this.#page;
    if (!page || page.isAborted) return;
    this.#page = undefined;
    const after = placeOf(parameterOf(page.url, 'after'));
    if (answer === 'drop') void page.drop();
    else if (answer === 'portal') void page.respondWith(200, {}, { 'content-type': 'text/html' });
    else if (answer !== 'page') void page.respondWith(answer, {}, { 'Retry-After': '3' });
    else if (this.#isAtEnd(after)) void page.respondWith(204);
    else void page.respond(this.log.page(after, statusData()));
  }

  /** Only `fetch` sends headers, and sees a status. */
  get #seesStatus(): boolean {
    return Object.keys(this.#stream?.request.headers ?? {}).length > 0;
  }

  #isAtEnd(after: { epoch: number; offset: number } | undefined): boolean {
    const { hasEnded, epoch, tail } = this.log;
    return hasEnded && tail > 0 && after?.epoch === epoch && after.offset === tail;
  }

  #serve(again: number): void {
    const after = placeOf(this.#stream?.lastEventId);
    if (this.#isAtEnd(after) && !this.#isHeld) return this.fail(204);
    this.#isServing = true;
    if (this.#isHeld) this.#stream?.control('stream.open', { heartbeatIntervalMs: 15_000 });
    else this.#stream?.open();
    const { gap, from } = this.log.after(after);
    this.#sent = gap ? from : Math.max(0, from - again);
    if (gap) this.#stream?.control('stream.gap', gap);
    this.#sendRest();
    if (this.log.hasEnded && !this.#stream?.isClosed) this.#stream?.close('complete');
  }

  #sendRest(): void {
    while (this.#sent < this.log.tail && !this.#stream?.isClosed) {
      this.#sent += 1;
      this.#firstSent ??= this.#sent;
      this.#send(this.#sent);
    }
  }

  #send(offset: number): void {
    const { epoch } = this.log;
    this.#lastSent = offset;
    this.#stream?.message('status', statusData(), cursorOf({ epoch, offset }));
  }

  /** Takes up new requests; returns whether there is a connection. */
  #look(): boolean {
    const [stream, ...more] = this.#controller.match(URL);
    const [page, ...morePages] = this.#controller.matchPages(URL);
    if (more.length + morePages.length > 0) throw new Error('There is more than one new request.');
    if (stream) {
      this.#stream = stream;
      this.#isServing = this.#isHeld = false;
      this.#firstSent = undefined;
    }
    if (page) this.#page = page;
    return this.#stream !== undefined && !this.#stream.isClosed;
  }
}

function parameterOf(url: string, name: string): string | null {
  return new URLSearchParams(url.split('?', 2)[1]).get(name);
}
