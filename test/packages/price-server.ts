import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const TYPES: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  ico: 'image/x-icon',
};

/** One stream that was opened. */
interface PriceConnection {
  /** What the client named. */
  readonly lastEventId: string | undefined;
  send(price: { id: string; cents: number }): Promise<void>;
}

/** Serves a built app, and `/prices` as any server does that knows nothing but the standard. */
export class PriceServer {
  readonly #server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== '/prices') return void this.#serveFile(pathname === '/' ? '/index.html' : pathname, response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders();
    this.#accept(searchParams.get('lastEventId') ?? undefined, response);
  });
  readonly #opened: PriceConnection[] = [];
  readonly #responses = new Set<ServerResponse>();
  #waiting: ((connection: PriceConnection) => void) | undefined;

  private constructor(readonly folder: string) {}

  /** Listens on a free port. */
  static async serve(folder: string): Promise<PriceServer> {
    const server = new PriceServer(folder);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next stream that was opened, or is going to be. */
  connection(): Promise<PriceConnection> {
    const next = this.#opened.shift();
    return next ? Promise.resolve(next) : new Promise((resolve) => (this.#waiting = resolve));
  }

  /** Breaks every stream. */
  dropAll(): void {
    for (const response of this.#responses) response.destroy();
    this.#responses.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(lastEventId: string | undefined, response: ServerResponse): void {
    this.#responses.add(response);
    const connection: PriceConnection = {
      lastEventId,
      send: ({ id, cents }) =>
        new Promise((resolve) => {
          response.write(`event: price\nid: ${id}\ndata: {"cents":${cents}}\n\n`, () => resolve());
        }),
    };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(connection);
    else this.#opened.push(connection);
  }

  async #serveFile(path: string, response: ServerResponse): Promise<void> {
    const content = await readFile(join(this.folder, path)).catch(() => undefined);
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    response.writeHead(content ? 200 : 404, { 'Content-Type': type }).end(content);
  }
}
