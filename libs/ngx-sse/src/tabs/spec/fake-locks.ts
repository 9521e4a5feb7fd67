import type { LockManagerLike } from '../tab-platform';
import type { FakeProcess } from './fake-process';

interface Wish {
  readonly tab: FakeProcess;
  readonly whenGranted: () => Promise<void> | undefined;
  readonly settle: (error?: Error) => void;
}

interface Lock {
  holder: Wish | undefined;
  waiting: Wish[];
}

/** The Web Locks of one origin, as the standard has them: first come, first served, unless it is stolen. */
export class FakeLocks {
  readonly #locks = new Map<string, Lock>();

  /** Whether pages may not lock, as those of an opaque origin. */
  isForbidden = false;

  /** Locks that are held or waited for. */
  get count(): number {
    return [...this.#locks.values()].reduce((sum, { holder, waiting }) => sum + waiting.length + (holder ? 1 : 0), 0);
  }

  /** The tab that holds a lock, if exactly one lock is held. */
  get holder(): FakeProcess | undefined {
    const holders = [...this.#locks.values()].flatMap(({ holder }) => holder ?? []);
    return holders.length === 1 ? holders[0]?.tab : undefined;
  }

  /** Names of all locks that are held. */
  get heldNames(): string[] {
    return [...this.#locks].filter(([, { holder }]) => holder).map(([name]) => name);
  }

  /** The lock manager as one tab sees it. */
  of(tab: FakeProcess): LockManagerLike {
    return {
      request: (name, { signal, steal }, whenGranted) =>
        new Promise<void>((resolve, reject) => {
          if (this.isForbidden) return reject(new DOMException('Not here.', 'SecurityError'));
          if (steal && signal) return reject(new DOMException('A signal beside steal.', 'NotSupportedError'));
          const settle = (error?: Error) => tab.later('locks', () => (error ? reject(error) : resolve()));
          const wish: Wish = { tab, whenGranted, settle };
          const lock = this.#lock(name);
          if (steal) {
            lock.holder?.settle(new DOMException('Stolen.', 'AbortError'));
            this.#grant(name, lock, wish);
            return;
          }
          lock.waiting.push(wish);
          signal?.addEventListener('abort', () => {
            if (!lock.waiting.includes(wish)) return;
            lock.waiting = lock.waiting.filter((each) => each !== wish);
            reject(new DOMException('Aborted.', 'AbortError'));
          });
          this.#grantNext(name, lock);
        }),
    };
  }

  /** A tab is gone, and with it whatever it held or waited for. */
  forget(tab: FakeProcess): void {
    for (const [name, lock] of this.#locks) {
      lock.waiting = lock.waiting.filter((wish) => wish.tab !== tab);
      if (lock.holder?.tab === tab) lock.holder = undefined;
      this.#grantNext(name, lock);
    }
  }

  #lock(name: string): Lock {
    const lock = this.#locks.get(name) ?? { holder: undefined, waiting: [] };
    this.#locks.set(name, lock);
    return lock;
  }

  #grantNext(name: string, lock: Lock): void {
    const next = lock.holder ? undefined : lock.waiting.shift();
    if (next) this.#grant(name, lock, next);
  }

  #grant(name: string, lock: Lock, wish: Wish): void {
    lock.holder = wish;
    wish.tab.later('locks', () => {
      if (lock.holder !== wish) return; // stolen before it was told
      const release = () => {
        if (lock.holder !== wish) return;
        lock.holder = undefined;
        wish.settle();
        this.#grantNext(name, lock);
      };
      void Promise.resolve(wish.whenGranted()).then(release);
    });
  }
}
