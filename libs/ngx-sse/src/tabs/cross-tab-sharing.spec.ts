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
    if (order === 'after') tabs.browser.choose = ({ length }) => length - 1;
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

  it('gives messages without ids once, too, and asks for a lost one by the count of the leader', async () => {
    const [first, second] = await tabs.openReaders(2);
    if (!first || !second) throw new Error('Two tabs were opened.');
    const got: string[] = [];
    second.connection.on('progress').subscribe(({ message }) => got.push(message));
    for (const [text, isLost] of [['a'], ['b', true], ['c'], ['d']] as const) {
      if (isLost) tabs.browser.channels.deaf.add(second.tab);
      tabs.server.say(first.tab, text);
      await tabs.browser.settle();
    }
    expect(got).toEqual(['a', 'b', 'c', 'd']);
  });
});
