import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TabsUnderTest, upTo } from './spec/set-up-tabs';

let tabs: TabsUnderTest;
beforeEach(() => {
  tabs = new TabsUnderTest();
});
afterEach(async () => {
  await tabs.closeAll();
});

describe('sharing across tabs', () => {
  it('uses one connection for all tabs, and gives each every message once', async () => {
    const readers = await tabs.openReaders(3);
    await tabs.append(3);
    expect(readers.map(({ ids }) => ids)).toEqual([upTo(3), upTo(3), upTo(3)]);
    expect(readers.map(({ connection }) => connection.state())).toEqual(['open', 'open', 'open']);
    expect(tabs.server.accepted).toBe(1);
    expect(tabs.browser.connectedTabs).toHaveLength(1);
  });

  it('gives those who come later what was sent already', async () => {
    await tabs.openReaders(1);
    await tabs.append(5);
    const [second] = await tabs.openReaders(1);
    expect(second?.ids).toEqual(upTo(5));
    await tabs.append();
    expect(second?.ids).toEqual(upTo(6));
    expect(tabs.server.accepted).toBe(1);
  });

  it('opens tabs at the same moment with one connection', async () => {
    const readers = upTo(4).map(() => tabs.read(tabs.openTab()));
    await tabs.append(2);
    await tabs.browser.advance(10_000);
    expect(readers.map(({ ids }) => ids)).toEqual(upTo(4).map(() => upTo(2)));
    expect(tabs.server.accepted).toBe(1);
  });

  it.each(['close', 'kill', 'pagehide', 'freeze'] as const)(
    'goes on in the next tab from the last id when the leading one is gone: %s',
    async (how) => {
      const [first, second, third] = await tabs.openReaders(3);
      if (!first || !second || !third) throw new Error('Three tabs were opened.');
      await tabs.append(3);
      if (how === 'close') first.connection.close();
      else if (how === 'kill') tabs.browser.kill(first.tab);
      else first.tab.dispatch(how);
      await tabs.append(2);
      expect([second.ids, third.ids]).toEqual([upTo(5), upTo(5)]);
      expect(tabs.server.accepted).toBe(2);
      expect(tabs.browser.connectedTabs).toEqual([second.tab]);
      expect(second.connection.state()).toBe('open');
    },
  );

  it('comes back from the back/forward cache as a follower and misses nothing', async () => {
    const [first, second] = await tabs.openReaders(2);
    await tabs.append(2);
    first?.tab.dispatch('pagehide');
    expect(first?.connection.state()).toBe('reconnecting');
    await tabs.append(2);
    expect(first?.ids).toEqual(upTo(2));
    first?.tab.dispatch('pageshow');
    await tabs.append();
    expect([first?.ids, second?.ids]).toEqual([upTo(5), upTo(5)]);
    expect(tabs.browser.connectedTabs).toEqual([second?.tab]);
  });

  it('replaces a leader that is frozen, which follows when it thaws', async () => {
    const [first, second, third] = await tabs.openReaders(3);
    if (!first || !second || !third) throw new Error('Three tabs were opened.');
    await tabs.append(2);
    first.tab.isFrozen = true;
    await tabs.append(2);
    expect(second.ids).toEqual(upTo(2));
    await tabs.browser.advance(15_000);
    expect([second.ids, third.ids]).toEqual([upTo(4), upTo(4)]);
    expect(tabs.browser.connectedTabs).toHaveLength(2); // the frozen one cannot close its own
    first.tab.isFrozen = false;
    await tabs.append();
    await tabs.browser.advance(5_000);
    await tabs.append();
    expect([first.ids, second.ids, third.ids]).toEqual([upTo(6), upTo(6), upTo(6)]);
    expect(tabs.browser.connectedTabs).toHaveLength(1);
    expect(tabs.browser.connectedTabs).not.toContain(first.tab);
    expect(tabs.server.accepted).toBe(2);
  });

  it('does not depose a leader that is silent because nothing happens', async () => {
    await tabs.openReaders(3);
    await tabs.browser.advance(600_000, 2_500);
    expect(tabs.server.accepted).toBe(1);
    expect(tabs.browser.locks.holder).toBe(tabs.browser.tabs[0]);
  });

  it('lets a new tab wait no longer than the timeout for a leader that is frozen', async () => {
    const [first] = await tabs.openReaders(1);
    await tabs.append(2);
    if (first) first.tab.isFrozen = true;
    const [second] = await tabs.openReaders(1);
    expect(second?.connection.state()).toBe('connecting');
    await tabs.browser.advance(5_000);
    expect(second?.ids).toEqual(upTo(2));
    expect(second?.connection.state()).toBe('open');
  });

  it('does not take its own sleep for the death of the leader', async () => {
    const [, second] = await tabs.openReaders(2);
    if (!second) throw new Error('Two tabs were opened.');
    for (let i = 0; i < 3; i += 1) {
      second.tab.isFrozen = true;
      await tabs.append();
      await tabs.browser.advance(60_000, 2_500);
      second.tab.isFrozen = false;
      await tabs.browser.advance(2_500);
    }
    expect(second.ids).toEqual(upTo(3));
    expect(tabs.server.accepted).toBe(1);
  });

  it('asks again for what was lost on the way, also when it was the last', async () => {
    const [, second] = await tabs.openReaders(2);
    if (!second) throw new Error('Two tabs were opened.');
    await tabs.append(2);
    tabs.browser.channels.deaf.add(second.tab);
    await tabs.append();
    expect(second.ids).toEqual(upTo(2));
    await tabs.append();
    expect(second.ids).toEqual(upTo(4));
    tabs.browser.channels.deaf.add(second.tab);
    await tabs.append();
    await tabs.browser.advance(10_000);
    expect(second.ids).toEqual(upTo(5));
    expect(tabs.server.accepted).toBe(1);
  });

  it('tells followers how the stream is doing, and lets them hurry it', async () => {
    const [first, second] = await tabs.openReaders(2);
    if (!first || !second) throw new Error('Two tabs were opened.');
    tabs.server.drop(first.tab);
    await tabs.browser.settle();
    expect(second.connection.state()).toBe('reconnecting');
    expect(second.connection.error()?.code).toBe('connection_lost');
    expect(second.connection.nextAttemptAt()).toEqual(first.connection.nextAttemptAt());
    expect(second.connection.attempt()).toBe(1);
    second.connection.reconnect();
    await tabs.append();
    expect(tabs.server.accepted).toBe(2);
    expect([first.ids, second.ids]).toEqual([upTo(1), upTo(1)]);
    expect([second.connection.state(), second.connection.error()]).toEqual(['open', undefined]);
  });

  it('lets a tab that is looked at hurry an attempt that is late in a hidden one', async () => {
    const [first, second] = await tabs.openReaders(2);
    if (!first || !second) throw new Error('Two tabs were opened.');
    tabs.server.drop(first.tab);
    await tabs.browser.settle();
    first.tab.server.clock.sleep(20_000); // its timers are throttled
    second.tab.dispatch('visibilitychange');
    await tabs.browser.settle();
    expect(tabs.server.accepted).toBe(2);
    expect(second.connection.state()).toBe('open');
  });

  it.each(['before', 'after'])('ends in every tab when the stream is complete, told %s the lock', async (order) => {
    const readers = await tabs.openReaders(3);
    if (order === 'after') tabs.browser.choose = (count) => count - 1;
    await tabs.append(2);
    tabs.server.closeAll('complete');
    await tabs.browser.settle();
    expect(readers.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
    expect(readers.map(({ ids }) => ids)).toEqual([upTo(2), upTo(2), upTo(2)]);
    expect(tabs.browser.connectedTabs).toEqual([]);
    expect(tabs.server.accepted).toBe(order === 'before' ? 1 : 2);
  });

  it('hands over within a tab whose last reader left, and keeps the tab as long as one reads', async () => {
    const [first, second] = await tabs.openReaders(2);
    if (!first || !second) throw new Error('Two tabs were opened.');
    const another = tabs.read(first.tab);
    await tabs.append();
    first.connection.close();
    await tabs.append();
    expect(tabs.server.accepted).toBe(1);
    another.connection.close();
    await tabs.append();
    expect(tabs.server.accepted).toBe(2);
    expect([another.ids, second.ids]).toEqual([upTo(2), upTo(3)]);
  });
});

describe('sharing across tabs on signing out', () => {
  it.each(['the leading tab', 'a following tab'])('makes the streams of all others again: %s', async (which) => {
    const readers = await tabs.openReaders(3);
    await tabs.append();
    tabs.server.isSignedOut = true;
    readers[which === 'the leading tab' ? 0 : 1]?.tab.client.closeAll();
    await tabs.browser.settle();
    expect(readers.map(({ end }) => end).sort()).toEqual(['complete', 'unauthorized', 'unauthorized']);
    expect(tabs.browser.connectedTabs).toEqual([]);
  });

  it('costs those who are still signed in nothing but a connection', async () => {
    const [first, second, third] = await tabs.openReaders(3);
    await tabs.append();
    second?.tab.client.closeAll();
    await tabs.append();
    expect([first?.ids, third?.ids]).toEqual([upTo(2), upTo(2)]);
    expect([first?.end, second?.end, third?.end]).toEqual([undefined, 'complete', undefined]);
    expect(tabs.server.accepted).toBe(2);
  });

  it('is none of the business of other users', async () => {
    const other = tabs.read(tabs.openTab({ scope: () => 'user-2' }));
    const [mine] = await tabs.openReaders(1);
    await tabs.append();
    expect(tabs.server.accepted).toBe(2);
    mine?.tab.client.closeAll();
    await tabs.append();
    expect(other.ids).toEqual(upTo(2));
    expect(tabs.server.accepted).toBe(2);
  });
});

describe('what is not shared', () => {
  it('is a stream of nobody in particular', async () => {
    for (let i = 0; i < 2; i += 1) tabs.read(tabs.openTab({ scope: () => undefined }));
    await tabs.append();
    expect(tabs.server.accepted).toBe(2);
    expect(tabs.browser.channels.count).toBe(0);
  });

  it('is anything where there are no locks', async () => {
    const { withCrossTabSharing } = await import('./with-cross-tab-sharing');
    const plain = [1, 2].map(() => tabs.read(tabs.browser.openPlainTab(withCrossTabSharing())));
    await tabs.append();
    expect(plain.map(({ ids }) => ids)).toEqual([upTo(1), upTo(1)]);
    expect(tabs.server.accepted).toBe(2);
  });

  it('never carries what is added to a request', async () => {
    await tabs.openReaders(2);
    await tabs.append(2);
    expect(tabs.browser.channels.posted.join()).not.toMatch(/ticket|lastEventId|authorization/i);
  });
});

describe('sharing across tabs what the leader no longer keeps', () => {
  it('reads by a connection of its own until it has caught up, and then follows', async () => {
    await tabs.openReaders(1);
    await tabs.append(6_000);
    const late = tabs.read(tabs.openTab());
    await tabs.browser.settle();
    expect(tabs.server.accepted).toBe(2);
    await tabs.append();
    await tabs.browser.advance(5_000);
    await tabs.append();
    expect(late.ids).toEqual(upTo(6_002));
    expect(tabs.browser.connectedTabs).toEqual([tabs.browser.tabs[0]]);
    expect(tabs.server.accepted).toBe(2);
  });

  it('bridges a gap in each tab, one after the leader has', async () => {
    const waiting: (() => void)[] = [];
    const onGap = () => new Promise<void>((resolve) => waiting.push(resolve));
    const [first, second] = [tabs.read(tabs.openTab(), onGap), tabs.read(tabs.openTab(), onGap)];
    await tabs.append(2);
    await outage();
    await tabs.append();
    expect([first.gaps, second.gaps, waiting.length]).toEqual([[], [], 1]);
    waiting[0]?.();
    await tabs.browser.settle();
    expect([first.last, second.last, waiting.length]).toEqual([6, 2, 2]);
    await tabs.append();
    expect(second.last).toBe(2);
    waiting[1]?.();
    await tabs.browser.settle();
    expect([first, second].map(({ ids }) => ids)).toEqual([
      [1, 2, 6, 7],
      [1, 2, 6, 7],
    ]);
    expect(tabs.browser.connectedTabs).toHaveLength(1);
  });

  it('lets a follower that cannot bridge a gap try for itself, and the others go on', async () => {
    let tries = 0;
    const failing = () => {
      tries += 1;
      if (tries < 5) throw new Error('no snapshot');
    };
    const readers = [tabs.read(tabs.openTab(), () => undefined), tabs.read(tabs.openTab(), failing)];
    await tabs.append(2);
    await outage();
    await tabs.append();
    expect(readers[0]?.ids).toEqual([1, 2, 6]);
    expect(readers[1]?.last).toBe(2);
    await tabs.browser.advance(20_000);
    expect(readers[1]?.ids).toEqual([1, 2, 6]);
    expect(tries).toBe(5);
    expect(tabs.browser.connectedTabs).toHaveLength(1);
  });

  async function outage(): Promise<void> {
    for (const tab of tabs.browser.connectedTabs) tabs.server.drop(tab);
    await tabs.browser.settle();
    tabs.server.append(3);
    tabs.server.trim();
    await tabs.browser.advance(2_000);
  }
});

describe('sharing across tabs where pages may not lock', () => {
  it('connects for itself, and still closes with the page', async () => {
    tabs.browser.locks.isForbidden = true;
    const readers = await tabs.openReaders(2);
    await tabs.append(2);
    expect(readers.map(({ ids }) => ids)).toEqual([upTo(2), upTo(2)]);
    expect(tabs.server.accepted).toBe(2);
    readers[0]?.tab.dispatch('pagehide');
    expect(tabs.browser.connectedTabs).toEqual([readers[1]?.tab]);
    readers[0]?.tab.dispatch('pageshow');
    await tabs.append();
    expect(readers[0]?.ids).toEqual(upTo(3));
    await tabs.browser.advance(60_000, 2_500);
    expect(tabs.server.accepted).toBe(3);
  });
});
