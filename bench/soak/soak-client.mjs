/** A client that connects, reads, stalls, drops, comes back and does it again, at random. */
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamView } from './stream-view.mjs';

export class SoakClient {
  #world;
  #user;
  #signIns = 0;
  #view;

  constructor(world, index) {
    this.#world = world;
    this.#user = `user${Math.floor(index / 3)}`;
  }

  get #session() {
    return `${this.#user}/${this.#signIns}`;
  }

  /** Lives until the round is over. */
  async live() {
    while (!this.#world.isResting) {
      try {
        await this.#connectOnce();
      } catch (error) {
        if (error.code === undefined) throw error;
        this.#world.count('failed');
        await sleep(50 + this.#world.random() * 200);
      }
    }
    this.#leaveView();
  }

  async #connectOnce() {
    const view = (this.#view ??= new StreamView(await this.#choosePath()));
    const isResuming = view.lastEventId !== '';
    view.begin();
    const stream = await this.#open(view);
    if (stream.statusCode === 204 || stream.statusCode === 404) return this.#leaveView(stream.statusCode);
    if (stream.statusCode !== 200) this.#world.fault(`${view.path} was answered with ${stream.statusCode}`);
    this.#world.count(isResuming ? 'resumed' : 'connected');
    await this.#stay(stream);
    if (view.closeReason === 'revoked') this.#signIns += 1;
    if (view.closeReason === 'limit' || view.closeReason === 'drain') await sleep(100 + this.#world.random() * 200);
    // Often it comes back; sometimes it has had enough. A run that is complete is asked for once more: for 204.
    if (view.closeReason !== 'complete' && this.#world.random() < 0.15) this.#leaveView();
  }

  async #choosePath() {
    const { random } = this.#world;
    const dice = random();
    if (dice < 0.4) return '/channels/news';
    if (dice < 0.5) return '/channels/heavy';
    if (dice < 0.55) return '/firehose';
    if (dice < 0.65) return '/ticker';
    const runs = await this.#world.runs();
    return runs.length === 0 ? '/ticker' : `/runs/${runs[Math.floor(random() * runs.length)]}`;
  }

  #open(view) {
    const headers = { accept: 'text/event-stream', 'x-session': this.#session };
    if (view.lastEventId !== '') headers['last-event-id'] = view.lastEventId;
    return new Promise((resolve, reject) => {
      const outgoing = get(this.#world.url + view.path, { headers, agent: false }, (response) => {
        response.setEncoding('latin1');
        response.on('data', (text) => view.read(text));
        // A cut connection is what a soak is about.
        response.on('error', () => undefined);
        resolve(response);
      });
      outgoing.on('error', reject);
    });
  }

  /** Reads for a while, stalls now and then, and goes in one way or another. */
  async #stay(stream) {
    const { random } = this.#world;
    const ended = new Promise((resolve) => stream.once('close', resolve));
    const within = (ms) => Promise.race([ended, sleep(ms), this.#world.resting]);
    await within(50 + random() * 3000);
    if (random() < 0.25 && !stream.destroyed && !this.#world.isResting) {
      this.#world.count('stalled');
      stream.pause();
      await within(200 + random() * 7000);
      stream.resume();
      await within(random() * 1000);
    }
    const dice = random();
    if (dice < 0.3 && !this.#world.isResting) await within(10_000);
    if (!stream.destroyed) this.#world.count('dropped');
    // Node cannot reset a socket that is just being ended: it would never close.
    if (dice < 0.6 && stream.socket?.writableEnded === false) stream.socket.resetAndDestroy();
    else stream.destroy();
    if (!stream.closed) await ended;
  }

  #leaveView(status) {
    const view = this.#view;
    this.#view = undefined;
    if (!view) return;
    if (status === 204 && !view.path.startsWith('/runs/')) this.#world.fault(`${view.path} was answered with 204`);
    if (status === 404 && !view.path.startsWith('/runs/')) this.#world.fault(`${view.path} was answered with 404`);
    this.#world.count('messages', view.messages);
    this.#world.count('gaps', view.gaps);
    for (const fault of view.faults) this.#world.fault(fault);
  }
}
