import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TabsUnderTest, upTo } from './spec/set-up-tabs';
import { withCrossTabSharing } from './with-cross-tab-sharing';

let tabs: TabsUnderTest;
beforeEach(() => {
  tabs = new TabsUnderTest();
});
afterEach(async () => {
  await tabs.closeAll();
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
