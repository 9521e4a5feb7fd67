import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** What a fault is chosen by. */
export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Whether an event stream is asked for by name. */
  readonly isStream: boolean;
}

/** A request that came to the proxy, and how far its answer got. */
export interface SeenRequest extends ProxiedRequest {
  /** Bytes of the answer, header included, that were passed on. */
  readonly passedBytes: number;
  readonly isOpen: boolean;
}

interface PassageOwner {
  /** A connection to the server was opened. */
  opened(far: Socket): void;
  /** Bytes were passed on, or it has ended. */
  changed(): void;
}

/** One request on its way to the server and back: what a fault is made of. */
export class Passage implements SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly isStream: boolean;
  passedBytes = 0;
  private isMuted = false;

  private constructor(
    private readonly head: string,
    private readonly near: Socket,
    private readonly targetPort: number,
    private readonly owner: PassageOwner,
  ) {
    const [method = '', path = ''] = head.split(' ', 2);
    this.method = method;
    this.path = path;
    this.isStream = /^accept:.*text\/event-stream/im.test(head);
    near.once('close', () => owner.changed());
  }

  /** Waits for the header of the request; `undefined` where none comes, as browsers open connections in advance. */
  static async read(near: Socket, targetPort: number, owner: PassageOwner): Promise<Passage | undefined> {
    let bytes = Buffer.alloc(0);
    for (;;) {
      const chunk = await nextChunk(near);
      if (!chunk) return undefined;
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) continue;
      // What came of the request's body goes on with the rest of it.
      near.unshift(bytes.subarray(end + HEAD_END.length));
      return new Passage(bytes.toString('latin1', 0, end), near, targetPort, owner);
    }
  }

  get isOpen(): boolean {
    return !this.near.destroyed;
  }

  /**
   * Sends the request to the server. Answers with the bytes as they come: the header alone first. With HTTP/1.0, the answer
   * has no chunks, so that its end is nothing but the connection's.
   */
  async *ask(version: '1.0' | '1.1' = '1.1'): AsyncGenerator<Buffer, void> {
    const far = connect(this.targetPort, '127.0.0.1');
    this.owner.opened(far);
    this.near.once('close', () => far.destroy());
    const head = this.head.replace('HTTP/1.1', `HTTP/${version}`).replace(/\r\nconnection:[^\r\n]*/i, '');
    far.write(`${head}\r\nconnection: close${HEAD_END}`, 'latin1');
    this.near.pipe(far, { end: false });
    let start: Buffer | undefined = Buffer.alloc(0);
    for (let chunk = await nextChunk(far); chunk; chunk = await nextChunk(far)) {
      if (!start) {
        yield chunk;
        continue;
      }
      start = Buffer.concat([start, chunk]);
      const end = start.indexOf(HEAD_END);
      if (end < 0) continue;
      yield start.subarray(0, end + HEAD_END.length);
      const rest = start.subarray(end + HEAD_END.length);
      start = undefined;
      if (rest.length > 0) yield rest;
    }
    if (far.errored) this.reset();
  }

  /** Passes bytes on to the browser, as fast as it takes them. */
  async send(bytes: Buffer): Promise<void> {
    if (bytes.length === 0 || this.isMuted || !this.near.writable) return;
    this.passedBytes += bytes.length;
    const isTaken = this.near.write(bytes);
    this.owner.changed();
    if (!isTaken) await signOf(this.near, ['drain', 'close']);
  }

  /** Whatever is sent from now on is lost, and the connection stays. */
  mute(): void {
    this.isMuted = true;
  }

  /** Ends the connection as the server would. */
  end(): void {
    if (!this.isMuted) this.near.end();
  }

  /** Ends it by a reset. */
  reset(): void {
    this.near.resetAndDestroy();
  }
}

/** The next bytes of a socket, or `undefined` when there will be none. Takes nothing that it does not return. */
async function nextChunk(socket: Socket): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) return chunk;
    if (socket.destroyed || socket.readableEnded) return undefined;
    await signOf(socket, ['readable', 'end', 'close']);
  }
}

/** Resolves with the first of these events. `once` of Node would fail with a broken connection, which is no failure here. */
function signOf(socket: Socket, signs: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const seen = () => {
      for (const sign of signs) socket.off(sign, seen);
      resolve();
    };
    for (const sign of signs) socket.on(sign, seen);
  });
}
