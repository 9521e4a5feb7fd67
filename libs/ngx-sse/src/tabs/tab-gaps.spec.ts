import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TabsUnderTest, upTo } from './spec/set-up-tabs';

let tabs: TabsUnderTest;
beforeEach(() => {
  tabs = new TabsUnderTest();
});
afterEach(async () => {
  await tabs.closeAll();
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
});

describe('sharing across tabs around gaps', () => {
  it('goes on after a gap in the next tab, too', async () => {
    const [first, second] = [1, 2].map(() => tabs.read(tabs.openTab(), () => undefined));
    if (!first || !second) throw new Error('Two tabs were opened.');
    await tabs.append(2);
    await outage();
    tabs.browser.kill(first.tab);
    await tabs.append();
    expect(second.ids).toEqual([1, 2, 6]);
    expect(second.gaps).toHaveLength(1);
  });

  it('bridges it again, and once, when the leader goes meanwhile', async () => {
    const waiting: (() => void)[] = [];
    const first = tabs.read(tabs.openTab(), () => undefined);
    const second = tabs.read(tabs.openTab(), () => new Promise<void>((resolve) => waiting.push(resolve)));
    await tabs.append(2);
    await outage();
    await tabs.append();
    tabs.browser.kill(first.tab);
    await tabs.browser.settle();
    expect(waiting).toHaveLength(2);
    waiting[0]?.();
    await tabs.browser.settle();
    expect(second.last).toBe(2);
    waiting[1]?.();
    await tabs.browser.settle();
    expect(second.ids).toEqual([1, 2, 6]);
    expect(second.gaps).toHaveLength(1);
  });

  it('does not follow while a snapshot is on its way', async () => {
    const waiting: (() => void)[] = [];
    const first = tabs.read(tabs.openTab(), () => new Promise<void>((resolve) => waiting.push(resolve)));
    const second = tabs.read(tabs.openTab(), () => undefined);
    await tabs.append(2);
    first.tab.isFrozen = true;
    await tabs.browser.advance(12_000);
    await tabs.append(2);
    tabs.server.trim();
    tabs.server.drop(first.tab);
    first.tab.forgetTasks('network'); // what was sent before it broke
    tabs.server.drop(first.tab);
    tabs.browser.channels.cutOff.add(first.tab);
    first.tab.isFrozen = false;
    await tabs.browser.advance(1_500);
    tabs.browser.channels.cutOff.delete(first.tab);
    await tabs.browser.advance(3_000);
    expect(waiting).toHaveLength(1);
    await tabs.append();
    expect(first.last).toBe(2);
    waiting[0]?.();
    await tabs.browser.advance(5_000);
    await tabs.append();
    expect([first.ids, second.ids]).toEqual([[1, 2, 5, 6], upTo(6)]);
    expect(tabs.browser.connectedTabs).toEqual([second.tab]);
  });
});

async function outage(): Promise<void> {
  for (const tab of tabs.browser.connectedTabs) tabs.server.drop(tab);
  await tabs.browser.settle();
  tabs.server.append(3);
  tabs.server.trim();
  await tabs.browser.advance(2_000);
}
