/**
 * Two readers of a stream's body, in whatever pieces it comes. Both take note of the benchmark's messages only, which are
 * those named `progress`; what else a server says (its greeting, comments, control events) is passed over.
 */
import { epochNow } from '../server/publisher.mjs';

const LF = 10;
const SPACE = 32;
const MARK = Buffer.from('event:progress\n');
/** Where in {@link MARK} a space may stand: some servers write one, some do not. */
const AFTER_COLON = 6;

/** Counts messages and reads nothing of them, so that the client costs less than the server. */
export class FrameCounter {
  /** How much of {@link MARK} the block has shown so far; -1 where it is another's. */
  #matched = 0;
  #isAfterNewline = false;
  #onMessage;

  /** @param {() => void} onMessage */
  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  /** Takes `bytes` from `start` to before `end`; they may change afterwards. */
  push(bytes, start, end) {
    for (let at = start; at < end;) {
      const isAtStart = this.#matched >= 0 && this.#matched < MARK.length;
      at = isAtStart ? this.#match(bytes, at, end) : this.#skipBlock(bytes, at, end);
    }
  }

  #match(bytes, from, end) {
    let at = from;
    while (at < end && this.#matched < MARK.length) {
      if (bytes[at] === MARK[this.#matched]) this.#matched += 1;
      else if (!this.#mayPass(bytes[at])) {
        this.#matched = -1;
        this.#isAfterNewline = false;
        return at;
      }
      at += 1;
    }
    this.#isAfterNewline = this.#matched === MARK.length;
    return at;
  }

  /** A space after the colon; and an empty line where a block would begin, which ends nothing. */
  #mayPass(byte) {
    return (byte === SPACE && this.#matched === AFTER_COLON) || (byte === LF && this.#matched === 0);
  }

  #skipBlock(bytes, from, end) {
    if (this.#isAfterNewline && bytes[from] === LF) return this.#endBlock(from + 1);
    for (let at = bytes.indexOf(LF, from); at !== -1 && at < end - 1; at = bytes.indexOf(LF, at + 1)) {
      if (bytes[at + 1] === LF) return this.#endBlock(at + 2);
    }
    this.#isAfterNewline = bytes[end - 1] === LF;
    return end;
  }

  #endBlock(at) {
    if (this.#matched === MARK.length) this.#onMessage();
    this.#matched = 0;
    this.#isAfterNewline = false;
    return at;
  }
}

/** Reads messages: how long each was on its way, and whether the numbers in their ids have no hole. */
export class FrameReader {
  #rest = '';
  #lastNumber;
  #onMessage;

  /** @param {(latencyMs: number, isInOrder: boolean) => void} onMessage */
  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  /** As {@link FrameCounter.push}. */
  push(bytes, start, end) {
    const now = epochNow();
    const blocks = (this.#rest + bytes.latin1Slice(start, end)).split('\n\n');
    this.#rest = blocks.pop();
    for (const block of blocks) {
      if (/^event: ?progress$/m.test(block)) this.#read(block, now);
    }
  }

  #read(block, now) {
    // An id is a number, or an epoch and a number.
    const number = Number(/^id: ?(?:.*-)?(\d+)$/m.exec(block)?.[1]);
    const sentAt = Number(/"sentAt":([\d.]+)/.exec(block)?.[1]);
    const isInOrder = this.#lastNumber === undefined ? !Number.isNaN(number) : number === this.#lastNumber + 1;
    this.#lastNumber = number;
    this.#onMessage(now - sentAt, isInOrder);
  }
}
