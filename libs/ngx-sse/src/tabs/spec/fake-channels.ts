import type { BroadcastChannelConstructor, BroadcastChannelLike } from '../tab-platform';
import type { FakeProcess } from './fake-process';

interface OpenChannel {
  readonly tab: FakeProcess;
  readonly take: (data: unknown) => void;
}

/** The broadcast channels of one origin: each hears all others of its name, wherever they are, but not itself. */
export class FakeChannels {
  readonly #open = new Map<string, Set<OpenChannel>>();
  /** Everything that was posted, as text. */
  readonly posted: string[] = [];
  /** Tabs that lose the next post that they should hear. */
  readonly deaf = new Set<FakeProcess>();
  /** Tabs that hear nothing. */
  readonly cutOff = new Set<FakeProcess>();

  /** Channels that are open. */
  get count(): number {
    return [...this.#open.values()].reduce((sum, channels) => sum + channels.size, 0);
  }

  /** The constructor as one tab sees it. */
  of(tab: FakeProcess): BroadcastChannelConstructor {
    const named = (name: string) => this.#named(name);
    const send = (name: string, from: OpenChannel, message: unknown) => this.#send(name, from, message);
    return class implements BroadcastChannelLike {
      readonly #listeners: ((event: MessageEvent) => void)[] = [];
      readonly #self: OpenChannel = { tab, take: (data) => this.#take(data) };
      readonly #name: string;

      constructor(name: string) {
        this.#name = name;
        named(name).add(this.#self);
      }

      addEventListener(_type: 'message', listener: (event: MessageEvent) => void): void {
        this.#listeners.push(listener);
      }

      postMessage(message: unknown): void {
        if (tab.isDead) return;
        if (!named(this.#name).has(this.#self)) throw new DOMException('Closed.', 'InvalidStateError');
        send(this.#name, this.#self, message);
      }

      close(): void {
        named(this.#name).delete(this.#self);
      }

      #take(data: unknown): void {
        for (const listener of this.#listeners) listener(new MessageEvent('message', { data }));
      }
    };
  }

  /** A tab is gone, and with it its channels. */
  forget(tab: FakeProcess): void {
    for (const channels of this.#open.values()) {
      for (const channel of channels) if (channel.tab === tab) channels.delete(channel);
    }
  }

  #named(name: string): Set<OpenChannel> {
    const channels = this.#open.get(name) ?? new Set();
    this.#open.set(name, channels);
    return channels;
  }

  #send(name: string, from: OpenChannel, message: unknown): void {
    const text = JSON.stringify(message);
    this.posted.push(text);
    for (const channel of this.#named(name)) {
      if (channel === from || this.cutOff.has(channel.tab) || this.deaf.delete(channel.tab)) continue;
      const data: unknown = JSON.parse(text); // a clone of its own for each
      channel.tab.later('channel', () => {
        if (this.#named(name).has(channel)) channel.take(data);
      });
    }
  }
}
