import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { parseEventStream, type ReceivedFrame } from '../../testing/received-frame.js';

/** A client on a bare socket, for what no HTTP client does: ask oddly, read nothing, reset the connection half-way. */
export class RawClient {
  /** Resolves when the connection is closed, whoever closed it. */
  readonly closed: Promise<void>;

  private chunks: Buffer[] = [];

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    // A connection that is cut is what these tests are about.
    socket.on('error', () => undefined);
  }

  static async connect(server: Server): Promise<RawClient> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends one request for a stream, with more headers and a body where they are given. */
  static async ask(
    server: Server,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<RawClient> {
    const client = await RawClient.connect(server);
    const all = {
      Host: 'localhost',
      Accept: 'text/event-stream',
      ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    client.socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
    return client;
  }

  /** All that was received, head included. */
  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }

  /** Forgets what was received so far. */
  forget(): void {
    this.chunks = [];
  }

  /** The events of a body without chunk framing. */
  get frames(): ReceivedFrame[] {
    const { text } = this;
    const start = text.indexOf('\r\n\r\n');
    return start < 0 ? [] : parseEventStream(Buffer.from(text.slice(start + 4)));
  }

  /**
   * Goes at once, with a FIN or, where nothing may linger, a RST. A socket that is just being ended by the other side too
   * cannot be reset any more: Node would report EINVAL and never close it.
   */
  leave(how: 'destroy' | 'reset'): void {
    if (how === 'reset' && !this.socket.writableEnded) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }
}
