import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Fault, pass } from './fault-proxy-faults.js';
import { Passage, type ProxiedRequest, type SeenRequest } from './fault-proxy-passage.js';

const WAIT_MS = 30_000;

/**
 * A network between browser and server that a test breaks and mends while it runs. Each connection carries one request,
 * so that a fault meets the request that it is meant for and no other.
 */
export class FaultProxy {
  private readonly sockets = new Set<Socket>();
  private readonly passages: Passage[] = [];
  private readonly changes = new EventEmitter();
  private choose: (request: ProxiedRequest) => Fault = () => pass;
  private isCut = false;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly targetPort: number,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async start(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, (server.address() as AddressInfo).port, targetPort);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All requests that ever came, oldest first. */
  get requests(): readonly SeenRequest[] {
    return this.passages;
  }

  /** The requests for event streams. */
  get streams(): readonly SeenRequest[] {
    return this.passages.filter(({ isStream }) => isStream);
  }

  /** Streams that are open now. */
  get openStreams(): number {
    return this.streams.filter(({ isOpen }) => isOpen).length;
  }

  /** From now on, chooses what happens to each request. */
  decide(choose: (request: ProxiedRequest) => Fault): void {
    this.choose = choose;
  }

  /** From now on, the fault meets each request for a stream, and nothing else. */
  breakStreams(fault: Fault): void {
    this.decide(({ isStream }) => (isStream ? fault : pass));
  }

  /** From now on, everything passes. What is broken already stays broken. */
  lift(): void {
    this.decide(() => pass);
  }

  /** The open streams get nothing more, and nobody is told. */
  muteStreams(): void {
    for (const passage of this.passages) if (passage.isStream) passage.mute();
  }

  /** Cuts every connection, and each new one at once. */
  cut(): void {
    this.isCut = true;
    this.destroyAll();
  }

  /** Lets connections through again. */
  mend(): void {
    this.isCut = false;
  }

  /** Cuts every connection and refuses new ones. */
  async goDown(): Promise<void> {
    this.server.close();
    this.destroyAll();
    await once(this.server, 'close');
  }

  /** Listens again, on the same port. */
  async comeUp(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Waits until the condition holds; looks whenever a request comes, moves or ends. */
  async when(condition: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_MS);
    while (!condition()) await once(this.changes, 'change', { signal });
  }

  async stop(): Promise<void> {
    this.cut();
    if (this.server.listening) {
      this.server.close();
      await once(this.server, 'close');
    }
  }

  private destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    this.keep(near);
    void this.serve(near);
  }

  private async serve(near: Socket): Promise<void> {
    const passage = await Passage.read(near, this.targetPort, {
      opened: (far) => this.keep(far),
      changed: () => this.changes.emit('change'),
    });
    if (!passage) return;
    this.passages.push(passage);
    this.changes.emit('change');
    const course = this.choose(passage)(passage);
    // What the fault does not read is dropped, so that the browser's end is noticed in any case.
    near.resume();
    await course;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // A broken connection is what this proxy is for: the other end hears of it by the close that follows.
    socket.on('error', () => undefined);
  }
}
