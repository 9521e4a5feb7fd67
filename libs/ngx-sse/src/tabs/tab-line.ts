import type { BroadcastChannelConstructor, BroadcastChannelLike } from './tab-platform';
import type { TabPost } from './tab-posts';

/** What a {@link TabLine} tells; nothing after {@link TabLine.close}. */
export interface TabLineEvents {
  take(post: TabPost): void;
  /** The user has signed out in another tab. */
  signedOut(): void;
}

/** Connects the tabs that share a stream, and those of its user. */
export class TabLine {
  readonly #ofStream: BroadcastChannelLike;
  readonly #ofUser: BroadcastChannelLike;

  constructor(Channel: BroadcastChannelConstructor, streamName: string, userName: string, to: TabLineEvents) {
    this.#ofStream = new Channel(streamName);
    this.#ofUser = new Channel(userName);
    // The standard sees to it that nothing comes after the close, whatever is on its way.
    this.#ofStream.addEventListener('message', ({ data }) => to.take(data as TabPost));
    this.#ofUser.addEventListener('message', () => to.signedOut());
  }

  post(post: TabPost): void {
    this.#ofStream.postMessage(post);
  }

  signOut(): void {
    this.#ofUser.postMessage('signOut');
  }

  close(): void {
    this.#ofStream.close();
    this.#ofUser.close();
  }
}
