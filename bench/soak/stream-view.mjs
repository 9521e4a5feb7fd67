/** One client's view of one stream, over all its connections: every message once and in order, or an announced gap. */
export class StreamView {
  /** The id to name on a reconnect; empty at the start. */
  lastEventId = '';
  /** What broke the promise. */
  faults = [];
  messages = 0;
  gaps = 0;
  /** Why the server closed the last connection. */
  closeReason;

  #at;
  #n;
  #unread = '';

  constructor(path) {
    this.path = path;
  }

  /** To be called before each connection. */
  begin() {
    this.#unread = '';
    this.closeReason = undefined;
    // What has no ids begins anew with each connection, as each subscription does. An announced gap moves no cursor.
    this.#at = this.lastEventId === '' ? undefined : placeOf(this.lastEventId);
    if (this.#at === undefined) this.#n = 0;
  }

  read(text) {
    this.#unread += text;
    for (let end = this.#unread.indexOf('\n\n'); end >= 0; end = this.#unread.indexOf('\n\n')) {
      const block = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end + 2);
      this.#take(block);
    }
  }

  #take(block) {
    const fields = Object.fromEntries(
      block
        .split('\n')
        .filter((line) => line.includes(': '))
        .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
    );
    if (fields.id !== undefined) this.lastEventId = fields.id;
    const data = fields.data === undefined ? {} : JSON.parse(fields.data);
    if (fields.event === 'stream.close') this.closeReason = data.reason;
    if (fields.event === 'stream.gap') {
      this.gaps += 1;
      this.#at = placeOf(data.to);
      this.#n = undefined;
    }
    if (fields.event === 'tick') this.#accept(data.n, fields.id);
  }

  #accept(n, id) {
    this.messages += 1;
    if (this.#n !== undefined && n !== this.#n + 1) this.faults.push(`${this.path}: message ${n} after ${this.#n}`);
    this.#n = n;
    if (id === undefined) return;
    const place = placeOf(id);
    const after = this.#at ?? { epoch: place.epoch, offset: 0 };
    if (place.epoch !== after.epoch || place.offset !== after.offset + 1) {
      this.faults.push(`${this.path}: ${id} after ${after.epoch}-${after.offset}`);
    }
    this.#at = place;
  }
}

function placeOf(cursor) {
  const [, epoch, offset] = /^(.+)-(\d+)$/.exec(cursor);
  return { epoch, offset: Number(offset) };
}
