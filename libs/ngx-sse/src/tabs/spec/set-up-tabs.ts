import type { Gap } from '@throughline/sse-protocol';
import { URL } from '../../spec/set-up-client';
import { withCrossTabSharing, type CrossTabSharingOptions } from '../with-cross-tab-sharing';
import { FakeBrowser } from './fake-browser';
import { TabReader, type FakeTab } from './fake-tab';
import { LogServer } from './log-server';

/** A browser and a server whose stream its tabs share. */
export class TabsUnderTest {
  readonly browser = new FakeBrowser();
  readonly server = new LogServer(this.browser, URL);
  readonly readers: TabReader[] = [];

  /** Opens a tab that shares. */
  openTab(options: CrossTabSharingOptions = { scope: () => 'user-1' }): FakeTab {
    return this.browser.openTab(withCrossTabSharing(options));
  }

  /** Reads the stream in a tab. */
  read(tab: FakeTab, onGap?: (gap: Gap) => Promise<void> | void): TabReader {
    const reader = new TabReader(tab, URL, onGap);
    this.readers.push(reader);
    return reader;
  }

  /** Opens tabs that read, each after the one before has settled. */
  async openReaders(count: number): Promise<TabReader[]> {
    const opened: TabReader[] = [];
    for (let i = 0; i < count; i += 1) {
      opened.push(this.read(this.openTab()));
      await this.browser.settle();
    }
    return opened;
  }

  /** Writes messages and lets them arrive. */
  async append(count = 1): Promise<void> {
    this.server.append(count);
    await this.browser.settle();
  }

  /** Closes everything, and throws if anything is left. */
  async closeAll(): Promise<void> {
    for (const { connection, tab } of this.readers) if (!tab.isDead) connection.close();
    for (const tab of this.browser.tabs) tab.isFrozen = false;
    await this.browser.settle();
    for (const tab of this.browser.tabs) if (!tab.isDead) tab.verifyNothingLeft();
    if (this.browser.locks.count > 0) throw new Error(`${this.browser.locks.count} locks are left.`);
    if (this.browser.channels.count > 0) throw new Error(`${this.browser.channels.count} channels are left.`);
    this.browser.dispose();
  }
}

/** 1 to `last`. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
