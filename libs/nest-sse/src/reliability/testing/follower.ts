import type { Server } from 'node:http';
import { eventually } from './eventually.js';
import { RawClient } from './raw-client.js';

/**
 * A client as an app has one, of the log `e-1, e-2, …` whose nth message is a `tick` of `{ n }`: it comes back with the
 * last id that it received, and holds what it is sent to the promise that every message comes exactly once and in order,
 * or what is missing is announced.
 */
export class Follower {
  /** The number of the last message that it has, or was told that it cannot have. */
  place = 0;
  /** What broke the promise. */
  readonly faults: string[] = [];
  /** Gaps that it was told of. */
  gaps = 0;

  private client: RawClient | undefined;
  private lastEventId = '';
  private unread = '';
  private isPaused = false;

  constructor(readonly name: string) {}

  get isConnected(): boolean {
    return this.client?.socket.destroyed === false;
  }

  /** Opens a stream where there is none; resolves when its head is there. */
  async connect(server: Server, path: string): Promise<void> {
    if (this.isConnected) return;
    // An announced gap does not move the cursor: whoever drops right after it is told again.
    this.place = Number(this.lastEventId.slice('e-'.length) || 0);
    this.unread = '';
    const headers = this.lastEventId === '' ? {} : { 'Last-Event-ID': this.lastEventId };
    const client = await RawClient.ask(server, path, headers);
    this.client = client;
    client.socket.on('data', (chunk) => client === this.client && this.read(chunk.toString('latin1')));
    if (this.isPaused) client.socket.pause();
  }

  /** Goes without a word; resolves when it has gone. */
  async drop(how: 'destroy' | 'reset'): Promise<void> {
    this.client?.leave(how);
    await this.client?.closed;
  }

  stall(): void {
    this.isPaused = true;
    this.client?.socket.pause();
  }

  readOn(): void {
    this.isPaused = false;
    this.client?.socket.resume();
  }

  /** Reads, and comes back as often as it must, until it has everything up to the nth message. */
  async catchUp(server: Server, path: string, n: number): Promise<void> {
    this.readOn();
    const isThere = (): boolean => this.faults.length > 0 || this.place === n;
    for (let attempt = 0; attempt < 5 && !isThere(); attempt += 1) {
      await this.connect(server, path);
      await eventually(() => isThere() || !this.isConnected, `${this.name} to have ${n} (it has ${this.place})`);
    }
  }

  private read(text: string): void {
    this.client?.forget();
    this.unread += text;
    for (let end = this.unread.indexOf('\n\n'); end >= 0; end = this.unread.indexOf('\n\n')) {
      const block = this.unread.slice(0, end);
      this.unread = this.unread.slice(end + 2);
      this.take(block);
    }
  }

  private take(block: string): void {
    const status = /^HTTP\/1\.1 (\d+)/.exec(block)?.[1];
    if (status !== undefined && status !== '200') this.faults.push(`was answered with ${status}`);
    const event = /^event: (.*)$/m.exec(block)?.[1];
    const id = /^id: (.*)$/m.exec(block)?.[1];
    const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') as { n?: number; to?: string };
    if (id !== undefined) this.lastEventId = id;
    if (event === 'stream.gap') this.skip(Number(data.to?.slice('e-'.length)));
    if (event === 'tick') this.accept(data.n ?? 0, id ?? '');
  }

  private skip(to: number): void {
    if (to <= this.place) this.faults.push(`was told of a gap from ${this.place} to ${to}`);
    this.gaps += 1;
    this.place = to;
  }

  private accept(n: number, id: string): void {
    if (n !== this.place + 1 || id !== `e-${n}`) this.faults.push(`got ${n} as ${id} after ${this.place}`);
    this.place = n;
  }
}
