import type { SharedStream } from './shared-stream';

type Listener = readonly [target: EventTarget, type: string, call: (event: Event) => void];

/** Tells streams what happens to their page and its network. Listens only while there are streams. */
export class PageLife {
  readonly #document: Document;
  #streams: ReadonlyMap<SharedStream, unknown> = new Map();
  #listeners: readonly Listener[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  /** What the browser believes of the network. */
  get isOnline(): boolean {
    return this.#document.defaultView?.navigator.onLine ?? true;
  }

  /** Listens on behalf of `streams`, which may change meanwhile. */
  start(streams: ReadonlyMap<SharedStream, unknown>): void {
    const window = this.#document.defaultView;
    if (!window) return;
    this.#streams = streams;
    this.#listeners = [
      [window, 'online', () => this.#tell('networkMayBeBack')],
      [window, 'offline', () => this.#tell('networkMayBeLost')],
      // An open connection would keep the page out of the back/forward cache.
      [window, 'pagehide', () => this.#tell('suspend')],
      [window, 'pageshow', () => this.#tell('resume')],
      [this.#document, 'visibilitychange', () => this.#document.hidden || this.#tell('networkMayBeBack')],
      // A frozen page reads nothing, so its server would see a slow client; other tabs may have been told by it.
      [this.#document, 'freeze', () => this.#tell('suspend')],
      [this.#document, 'resume', () => this.#tell('resume')],
    ];
    for (const [target, type, call] of this.#listeners) target.addEventListener(type, call);
  }

  stop(): void {
    for (const [target, type, call] of this.#listeners) target.removeEventListener(type, call);
    this.#listeners = [];
  }

  #tell(what: 'networkMayBeBack' | 'networkMayBeLost' | 'suspend' | 'resume'): void {
    for (const stream of this.#streams.keys()) stream.session[what]();
  }
}
