import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TabsUnderTest, upTo } from '../../tabs/spec/set-up-tabs';

/** How long a follower may go without what the stream has, at most. */
const DEADLINE_MS = 20_000;

describe('client trap 11: a leader that is frozen in the background', () => {
  let tabs: TabsUnderTest;
  beforeEach(() => {
    tabs = new TabsUnderTest();
  });
  afterEach(() => tabs.closeAll());

  it('is waited for until a deadline, and then the followers read for themselves, in order and without a hole', async () => {
    const [leader, ...followers] = await tabs.openReaders(3);
    await tabs.append(2);
    expect(tabs.browser.connectedTabs).toEqual([leader?.tab]);
    if (leader) leader.tab.isFrozen = true;
    await tabs.append(3);
    expect(followers.map(({ ids }) => ids)).toEqual([upTo(2), upTo(2)]);
    await tabs.browser.advance(DEADLINE_MS);
    expect(followers.map(({ ids }) => ids)).toEqual([upTo(5), upTo(5)]);
    expect(followers.map(({ connection }) => connection.state())).toEqual(['open', 'open']);
  });

  it('gives way when it thaws: one connection is left, and nothing comes twice', async () => {
    const [leader, follower] = await tabs.openReaders(2);
    if (leader) leader.tab.isFrozen = true;
    await tabs.append(2);
    await tabs.browser.advance(DEADLINE_MS);
    if (leader) leader.tab.isFrozen = false;
    await tabs.browser.advance(DEADLINE_MS);
    await tabs.append(2);
    expect([leader?.ids, follower?.ids]).toEqual([upTo(4), upTo(4)]);
    expect(tabs.browser.connectedTabs).toEqual([follower?.tab]);
  });
});
