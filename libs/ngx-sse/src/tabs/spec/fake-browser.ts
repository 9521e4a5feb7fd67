import type { SseFeature } from '../../index';
import { FakeChannels } from './fake-channels';
import { FakeLocks } from './fake-locks';
import type { TaskSource } from './fake-process';
import { FakeTab } from './fake-tab';

/** The next task of one source in one tab. */
export interface DueTask {
  readonly tab: FakeTab;
  readonly source: TaskSource;
}

/** One origin's tabs. What they ask of each other happens in {@link settle}, one task at a time, in an order that a test can choose. */
export class FakeBrowser {
  readonly locks = new FakeLocks();
  readonly channels = new FakeChannels();
  readonly tabs: FakeTab[] = [];
  /** Chooses which task is next. */
  choose: (due: readonly DueTask[]) => number = () => 0;
  /** Called whenever tasks have run: the server's turn. */
  serve: () => void = () => undefined;

  openTab(...features: SseFeature[]): FakeTab {
    const tab = new FakeTab(this, features);
    this.tabs.push(tab);
    return tab;
  }

  /** A browser without Web Locks. */
  openPlainTab(...features: SseFeature[]): FakeTab {
    const tab = new FakeTab({ channels: this.channels, locks: undefined }, features);
    this.tabs.push(tab);
    return tab;
  }

  /** The tab's process is gone; nothing of it runs any more. */
  kill(tab: FakeTab): void {
    tab.isDead = true;
    this.channels.forget(tab);
    this.locks.forget(tab);
  }

  /** Lets everything happen that follows from what happened. */
  async settle(): Promise<void> {
    while (await this.#runNext()) await microtasks();
  }

  /** The same, up to where a condition holds; throws if it never does. With a tab, nothing else happens in that one. */
  async settleUntil(condition: () => boolean, except?: FakeTab): Promise<void> {
    while (!condition()) {
      if (!(await this.#runNext(except))) throw new Error('Everything has settled, and it is not so.');
      await microtasks();
    }
  }

  async #runNext(except?: FakeTab): Promise<boolean> {
    this.serve();
    let due = this.#dueWithout(except);
    if (due.length === 0) {
      await microtasks();
      this.serve();
      due = this.#dueWithout(except);
    }
    const next = due[this.choose(due)];
    next?.tab.runNext(next.source);
    return next !== undefined;
  }

  #dueWithout(except: FakeTab | undefined): DueTask[] {
    return this.tabs
      .filter((tab) => tab !== except)
      .flatMap((tab) => tab.dueSources.map((source) => ({ tab, source })));
  }

  /** Lets time pass everywhere; in frozen tabs, nothing rings. */
  async advance(durationMs: number, stepMs = 500): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
      const byMs = Math.min(stepMs, durationMs - passedMs);
      for (const tab of this.tabs) {
        if (tab.isDead) continue;
        if (tab.isFrozen) tab.server.clock.sleep(byMs);
        else tab.server.clock.advance(byMs);
      }
      await this.settle();
    }
  }

  /** Tabs that have a connection, frozen ones included. */
  get connectedTabs(): FakeTab[] {
    return this.tabs.filter((tab) => !tab.isDead && tab.server.openConnections > 0);
  }

  dispose(): void {
    for (const tab of this.tabs) tab.dispose();
  }
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await Promise.resolve();
}
