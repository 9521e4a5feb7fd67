import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DueTask } from './spec/fake-browser';
import { TabsUnderTest, upTo } from './spec/set-up-tabs';

let tabs: TabsUnderTest;
beforeEach(() => {
  tabs = new TabsUnderTest();
});
afterEach(async () => {
  await tabs.closeAll();
});

describe('sharing across tabs when a leader is replaced', () => {
  it('says reconnecting, as the stream has been open before', async () => {
    const [first, second] = await tabs.openReaders(2);
    if (!first || !second) throw new Error('Two tabs were opened.');
    tabs.browser.serve = () => undefined; // the server is slow
    tabs.browser.kill(first.tab);
    await tabs.browser.settle();
    expect(second.connection.state()).toBe('reconnecting');
  });

  it('does not deliver again what a server repeats', async () => {
    const [first, second, third] = await tabs.openReaders(3);
    if (!first || !second || !third) throw new Error('Three tabs were opened.');
    await tabs.append(3);
    tabs.browser.kill(first.tab);
    await tabs.browser.settle();
    tabs.server.repeat(second.tab, 1);
    await tabs.append();
    expect([second.ids, third.ids]).toEqual([upTo(4), upTo(4)]);
  });

  it('lets who is ahead of the new leader wait for it', async () => {
    const [first, second, third] = await tabs.openReaders(3);
    if (!first || !second || !third) throw new Error('Three tabs were opened.');
    await tabs.append();
    tabs.server.append();
    // The lock is faster than the message, in the second tab only.
    const rank = ({ tab, source }: DueTask) => (tab === second.tab && source === 'channel' ? 1 : 0);
    tabs.browser.choose = (due) => due.findIndex((each) => rank(each) === Math.min(...due.map(rank)));
    await tabs.browser.settleUntil(() => third.last === 2);
    tabs.browser.kill(first.tab);
    await tabs.browser.settleUntil(() => tabs.server.accepted === 2);
    // And what tabs tell each other is faster than the server.
    tabs.browser.choose = (due) =>
      Math.max(
        0,
        due.findIndex(({ source }) => source === 'channel'),
      );
    await tabs.append();
    await tabs.browser.advance(5_000);
    expect([second.ids, third.ids]).toEqual([upTo(3), upTo(3)]);
    expect(tabs.server.accepted).toBe(2);
  });

  it('lets who was away wait for a new leader that is still behind', async () => {
    const [first] = await tabs.openReaders(1);
    if (!first) throw new Error('A tab was opened.');
    await tabs.append(2);
    const second = tabs.read(tabs.openTab());
    first.tab.dispatch('pagehide');
    // What tabs tell each other is faster than the server.
    tabs.browser.choose = (due) =>
      Math.max(
        0,
        due.findIndex(({ source }) => source !== 'network'),
      );
    await tabs.browser.settleUntil(() => tabs.server.accepted === 2);
    first.tab.dispatch('pageshow');
    await tabs.append();
    await tabs.browser.advance(5_000);
    expect([first.ids, second.ids]).toEqual([upTo(3), upTo(3)]);
    expect(tabs.server.accepted).toBe(2);
  });

  it('does not wait for a leader that tells it much, and not what it asked for', async () => {
    await tabs.openReaders(1);
    await tabs.append(2);
    const late = tabs.read(tabs.openTab());
    const answered = () => late.tab.dueSources.includes('channel');
    await tabs.browser.settleUntil(answered, late.tab);
    late.tab.runNext('channel'); // it hears that there is a leader, and asks that one
    late.tab.forgetTasks();
    await tabs.browser.settleUntil(answered, late.tab);
    late.tab.forgetTasks();
    for (let second = 0; second < 4; second += 1) {
      await tabs.browser.advance(1_000);
      await tabs.append();
    }
    expect(late.ids).toEqual(upTo(6));
    expect(tabs.server.accepted).toBe(1);
  });
});
