/** One reader on a bare socket: sends a GET, skips the head, takes off the chunk framing where there is one. */
import { connect } from 'node:net';

const CR = 13;
const LF = 10;
const HEAD_END = '\r\n\r\n';

/** Every socket reads into the same bytes: what is read is looked at in the same call. */
const shared = Buffer.alloc(64 * 1024);

/** Takes the framing off a body with `Transfer-Encoding: chunked`. */
class ChunkedBody {
  #left = 0;
  #size = 0;
  #skip = 0;
  #sink;

  constructor(sink) {
    this.#sink = sink;
  }

  push(bytes, start, end) {
    for (let at = start; at < end;) {
      if (this.#left > 0) {
        const to = Math.min(end, at + this.#left);
        this.#sink.push(bytes, at, to);
        this.#left -= to - at;
        if (this.#left === 0) this.#skip = 2;
        at = to;
      } else {
        this.#takeFraming(bytes[at]);
        at += 1;
      }
    }
  }

  #takeFraming(byte) {
    if (this.#skip > 0) this.#skip -= 1;
    else if (byte === LF) {
      this.#left = this.#size;
      this.#size = 0;
    } else if (byte !== CR) this.#size = this.#size * 16 + Number.parseInt(String.fromCharCode(byte), 16);
  }
}

/** A stream that is read, or kept from being read by {@link pause}. */
export class LoadConnection {
  #socket;
  #head = '';
  #body;
  #isClosing = false;

  /**
   * @param {object} target
   * @param {number} target.port
   * @param {string} [target.lastEventId]
   * @param {{ push(bytes: Buffer, start: number, end: number): void }} sink takes the body
   * @param {{ onOpen(): void, onLost(error: Error): void }} watch
   */
  constructor({ port, lastEventId }, sink, watch) {
    const fail = (error) => {
      if (!this.#isClosing) watch.onLost(error);
      this.#isClosing = true;
    };
    const callback = (length, bytes) => {
      if (this.#body) this.#body.push(bytes, 0, length);
      else this.#takeHead(bytes, length, sink, watch, fail);
      return true;
    };
    this.#socket = connect({ port, host: '127.0.0.1', onread: { buffer: shared, callback } });
    this.#socket.on('error', fail);
    this.#socket.on('close', () => fail(new Error('The server ended a stream.')));
    const resume = lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}\r\n`;
    this.#socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n${resume}\r\n`);
  }

  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  close() {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #takeHead(bytes, length, sink, watch, fail) {
    const before = this.#head.length;
    this.#head += bytes.latin1Slice(0, length);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    if (!this.#head.startsWith('HTTP/1.1 200 ')) {
      fail(new Error(`The server refused a stream: ${this.#head.slice(0, this.#head.indexOf('\r\n'))}`));
      return;
    }
    const isChunked = /^transfer-encoding: *chunked/im.test(this.#head.slice(0, end));
    this.#body = isChunked ? new ChunkedBody(sink) : sink;
    this.#head = '';
    watch.onOpen();
    this.#body.push(bytes, end + HEAD_END.length - before, length);
  }
}
